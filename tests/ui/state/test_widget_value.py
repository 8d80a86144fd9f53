"""What a widget shows and what it echoes."""

import pytest

from ui.state import widget_value
from ui.state.widget_value import Showing


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(widget_value.time, "monotonic", lambda: now[0])
    return now


def test_what_is_shown_is_an_echo_for_ever(clock):
    shown = Showing(5)
    clock[0] += 1_000
    assert shown.echoes(5)
    assert not shown.echoes(4)


def test_what_was_drawn_over_is_an_echo_until_the_drawing_is_there(clock):
    shown = Showing(4, chosen=True).then(5)
    assert (shown.value, shown.chosen) == (5, False)
    assert shown.echoes(4)

    clock[0] += widget_value.ECHO_SECONDS
    assert not shown.echoes(4)


def test_several_drawings_may_be_under_way(clock):
    shown = Showing(3).then(4)
    clock[0] += 0.6 * widget_value.ECHO_SECONDS
    shown = shown.then(5)
    assert [value for value in (2, 3, 4, 5) if shown.echoes(value)] == [3, 4, 5]

    clock[0] += 0.6 * widget_value.ECHO_SECONDS
    shown = shown.then(6)
    assert [value for value in (2, 3, 4, 5, 6) if shown.echoes(value)] == [4, 5, 6]
    assert [value for value, _since in shown.replaced] == [4, 5], "what is no echo any more is forgotten"


def test_the_same_value_again_is_no_new_drawing():
    shown = Showing(5, chosen=True)
    assert shown.then(5) is shown
