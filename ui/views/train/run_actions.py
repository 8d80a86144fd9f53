"""The actions on a run."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.plots import rendering
from fmnist.runs.record import Run
from ui.i18n.text import _, explain
from ui.server import resources
from ui.state.session import Session, session
from ui.widgets.downloads import figure_downloads


def draw_actions(run: Run, others: list[Run]) -> None:
    """Draw the buttons of a run: stop, predict, details, chart with the `others`, train longer, delete."""
    desk, state = resources.desk(), session()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.active and _pressed(run, "stop", _("Stop"), "stop", disabled=run.stop_requested):
            desk.stop(run.id)
            st.rerun()
        if run.epochs and _pressed(run, "ask", _("Try this network"), "search"):
            state.choose(run=run.id)
            st.switch_page("ui/pages/predict.py")
        if _pressed(run, "run", _("Run details"), "description"):
            st.switch_page("ui/pages/run.py")
        if run.epochs:
            with _unbroken():
                figure_downloads(_("Chart as {format}"), partial(_draw_curves, state), _chart_name(run, others))
        own = run.origin != "project"
        if own and not run.active and run.epochs:
            missing = run.target_epochs - len(run.epochs)  # the epochs that a failed or stopped run lacks
            with _unbroken():
                more = st.number_input(_("More epochs"), 1, 200, missing or 5, width=140, key=f"more_{missing}")
                extended = _pressed(run, "extend", _("Train longer"), "add")
            if extended:
                desk.extend(run.id, more)
                resources.supervisor().wake()
                st.rerun()
        # Not while a run starts; a run that waits longer can be stopped first.
        if own and run.status != "running" and not run.is_starting and _pressed(run, "delete", _("Delete"), "delete"):
            desk.delete(run.id)
            state.choose(run=None)
            st.rerun()


def _draw_curves(state: Session, file_format: rendering.FileFormat) -> bytes:
    """Return the chart with the epochs and the zoom of the moment of the download."""
    assert state.curves
    return rendering.accuracy_curves(state.curves, file_format)


def _chart_name(run: Run, others: list[Run]) -> str:
    return "-".join(["accuracy-run", *(str(each.number) for each in (run, *others))])


def draw_damaged() -> None:
    """Draw the error of each run that cannot be read, and a button to delete it."""
    desk = resources.desk()
    for error in desk.store.damaged_runs():
        run_id = str(error.values["run_id"])
        st.warning(explain(error), icon=":material/broken_image:")
        label = _("Delete run {number}", number=error.values["number"])
        if st.button(label, icon=":material/delete:", key=f"delete_{run_id}"):
            desk.delete(run_id)
            st.rerun()


def _unbroken() -> DeltaGenerator:
    """Return a part of the row that a narrow page moves to the next line as a whole."""
    return st.container(horizontal=True, vertical_alignment="bottom", width="content")


def _pressed(run: Run, name: str, label: str, icon: str, *, disabled: bool = False) -> bool:
    # The run's id in the key: a late click on one run's button does not press another's.
    return st.button(label, icon=f":material/{icon}:", key=f"{name}_{run.id}", disabled=disabled)
