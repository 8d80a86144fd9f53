"""The binding of widgets to fields: choices, echoes and labels."""

import pytest
import streamlit as st

from ui.state import request, widget_value
from ui.state.session import Session

RUN, OTHER = "0" * 32, "f" * 32


def test_what_a_timer_sends_is_no_choice(visit, monkeypatch):
    """It sends the widgets as the browser shows them, which may be as they were before the last click."""
    tab = visit(label="3")
    monkeypatch.setattr(request, "from_other_fragment", lambda: True)
    tab.selectbox(key="choose_label").set_value(4).run()

    assert tab.selectbox(key="choose_label").value == 3
    assert tab.query_params == {"label": "3"}


@pytest.fixture
def widgets(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


def change(widget, value):
    """Call the callback of a widget, as Streamlit does for a request with a new value."""
    st.session_state[widget["key"]] = value
    widget["on_change"](*widget["args"])


def test_a_value_that_a_widget_showed_already_is_no_choice(widgets):
    """A timer may have brought an older one; the next request brings this one back beside what the person chose."""
    state = Session()
    by_number, by_slider = state.bind("index", by="type"), state.bind("index")
    change(by_number, 42)
    change(by_slider, 169)
    assert state.index == 42


def test_a_value_that_a_drawing_under_way_replaces_is_no_choice(widgets, monkeypatch):
    """Somebody types in the moment in which another epoch arrives."""
    state = Session()
    state.bind("epoch", default=4)
    epochs, by_number = state.bind("epoch", default=5), state.bind("index", by="type")
    change(by_number, 42)
    change(epochs, 4)
    assert (state.index, state.epoch) == (42, None)

    monkeypatch.setattr(widget_value, "ECHO_SECONDS", 0)
    change(epochs, 4)
    assert state.epoch == 4


def test_a_second_choice_may_come_before_the_first_is_drawn(widgets):
    state = Session()
    pages = state.bind("page")
    change(pages, 2)
    change(pages, 1)
    assert state.page == 1


def test_a_step_is_not_drawn_over_in_the_browser(project_run, visit):
    """A slider's next step may be on its way."""
    tab = visit("evaluate", evaluate_view="calibration")
    tab.slider(key="choose_threshold").set_value(0.7).run()
    slider = tab.slider(key="choose_threshold")

    assert (slider.value, slider.proto.set_value) == (0.7, False)


def test_a_choice_by_its_label_is_drawn_over_in_the_browser(visit):
    """It sends the label, which says something else when the other split is drawn."""
    tab = visit()
    tab.selectbox(key="choose_label").set_value(1).run()
    assert tab.selectbox(key="choose_label").proto.set_value


def test_a_label_from_before_the_last_drawing_is_understood(visit):
    """A box sends the label that it showed; meanwhile the other split may be drawn, where it says another number."""
    tab = visit()
    before = tab.selectbox(key="choose_label").options
    tab.segmented_control(key="choose_split").set_value("test").run()
    box = tab.selectbox(key="choose_label")
    box.options = before
    box.set_value("Trouser (6,000)").run()

    assert tab.selectbox(key="choose_label").value == 1
    assert tab.query_params == {"split": "test", "label": "1"}


def test_labels_from_before_the_last_drawing_are_understood(widgets):
    """Every finished epoch changes the name of a run."""
    state = Session(run=RUN, compare=(RUN,))
    for epochs in 1, 2:
        names = {RUN: f"Run 1, {epochs} epochs", OTHER: f"Run 2, {epochs} epochs"}
        one, several = state.bind_options("run", names), state.bind_options("compare", names)
    change(one, "Run 1, 1 epochs")
    change(several, ["Run 1, 1 epochs", OTHER])
    assert (state.run, state.compare) == (RUN, (RUN, OTHER))
    change(one, "Run 2, 1 epochs")
    assert state.run == OTHER
