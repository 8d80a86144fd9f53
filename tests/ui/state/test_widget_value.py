"""The value of a widget and its echoes."""

import pytest

from ui.state import widget_value
from ui.state.widget_value import WidgetValue


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(widget_value.time, "monotonic", lambda: now[0])
    return now


def test_what_is_shown_is_an_echo_for_ever(clock):
    widget = WidgetValue(5)
    clock[0] += 1_000
    assert widget.is_echo(5)
    assert not widget.is_echo(4)


def test_what_was_drawn_over_is_an_echo_until_the_drawing_is_there(clock):
    widget = WidgetValue(4, chosen=True).redrawn(5)
    assert (widget.value, widget.chosen) == (5, False)
    assert widget.is_echo(4)

    clock[0] += widget_value.ECHO_SECONDS
    assert not widget.is_echo(4)


def test_several_drawings_may_be_under_way(clock):
    widget = WidgetValue(3).redrawn(4)
    clock[0] += 0.6 * widget_value.ECHO_SECONDS
    widget = widget.redrawn(5)
    assert [value for value in (2, 3, 4, 5) if widget.is_echo(value)] == [3, 4, 5]

    clock[0] += 0.6 * widget_value.ECHO_SECONDS
    widget = widget.redrawn(6)
    assert [value for value in (2, 3, 4, 5, 6) if widget.is_echo(value)] == [4, 5, 6]
    assert [value for value, _since in widget.replaced] == [4, 5], "what is no echo any more is forgotten"


def test_the_same_value_again_is_no_new_drawing():
    widget = WidgetValue(5, chosen=True)
    assert widget.redrawn(5) is widget
