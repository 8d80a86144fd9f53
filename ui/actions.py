"""What can be done with a run now."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist import drawing
from fmnist.runs.record import Run
from ui import resources
from ui.session import session
from ui.text import _
from ui.widgets import figure_downloads


def draw_actions(run: Run) -> None:
    """Buttons: stop it, ask it, read all about it, take its chart, train it on, delete it."""
    desk, state = resources.desk(), session()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.active and _pressed(run, "stop", _("Stop"), "stop", disabled=run.stop_requested):
            desk.stop(run.id)
            st.rerun()
        if run.epochs and _pressed(run, "ask", _("Ask this network"), "search"):
            state.choose(run=run.id)
            st.switch_page("ui/pages/predict.py")
        if _pressed(run, "record", _("All about this run"), "description"):
            st.switch_page("ui/pages/record.py")
        if run.epochs:
            curves = [epoch.accuracy for epoch in run.epochs], [epoch.val_accuracy for epoch in run.epochs]
            draw = partial(drawing.accuracy_over_epochs, *curves)
            with _together():
                figure_downloads(_("Chart as {format}"), draw, f"accuracy-run-{run.number}")
        own = run.origin != "project"
        if own and run.status in ("succeeded", "stopped") and run.epochs:
            with _together():
                more = st.number_input(_("More epochs"), 1, 200, 5, width=140, key="more")
                extended = _pressed(run, "extend", _("Train on"), "add")
            if extended:
                desk.extend(run.id, more)
                resources.attendant().wake()
                st.rerun()
        # Not for the moment in which a run begins; one that has to wait longer can be stopped first.
        if own and run.status != "running" and not run.begins and _pressed(run, "delete", _("Delete"), "delete"):
            desk.delete(run.id)
            state.choose(run=None)
            st.rerun()


def _together() -> DeltaGenerator:
    """A part of the row that a narrow page moves to the next line as a whole."""
    return st.container(horizontal=True, vertical_alignment="bottom", width="content")


def _pressed(run: Run, name: str, label: str, icon: str, *, disabled: bool = False) -> bool:
    # Of this run: a click on one that is gone meanwhile must not be taken for a click on the next.
    return st.button(label, icon=f":material/{icon}:", key=f"{name}_{run.id}", disabled=disabled)
