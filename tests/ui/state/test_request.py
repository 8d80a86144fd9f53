"""Whose request it is, as Streamlit's script context has it; the browser's tests see the same in real requests."""

from types import SimpleNamespace

import pytest

from ui.state import request


@pytest.mark.parametrize(
    ("asking", "holds_the_widget", "elsewhere"),
    [
        (None, None, False),  # the whole page was asked for
        ([], "map", False),
        (["map"], "map", False),
        (["progress"], None, True),
        (["progress"], "map", True),
    ],
)
def test_a_fragment_speaks_for_its_own_widgets_alone(monkeypatch, asking, holds_the_widget, elsewhere):
    monkeypatch.setattr(request, "get_script_run_ctx", lambda **_options: SimpleNamespace(fragment_ids_this_run=asking))
    monkeypatch.setattr(request.ThreadState, "get", lambda: SimpleNamespace(fragment_id=holds_the_widget))
    assert request.from_other_fragment() is elsewhere


def test_without_a_page_nobody_asks():
    assert not request.is_history_navigation()
    assert not request.from_other_fragment()
