"""The actions on a run."""

from functools import partial

import streamlit as st

from fmnist.plots import rendering
from fmnist.runs.record import Run
from ui.i18n.text import _, explain
from ui.server import resources
from ui.state.session import Session, session
from ui.widgets.deletion import draw_deletion
from ui.widgets.downloads import figure_downloads


def draw_actions(run: Run, others: list[Run]) -> None:
    """Draw the buttons below the chart of a run: the chart with the `others` as a file, and delete."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.epochs:
            state = session()
            figure_downloads(_("Chart as {format}"), partial(_draw_curves, state), _chart_name(run, others))
        if run.origin != "project" and not run.active:
            draw_deletion(run)


def _draw_curves(state: Session, file_format: rendering.FileFormat) -> bytes:
    """Return the chart with the epochs and the zoom of the moment of the download."""
    assert state.curves
    return rendering.accuracy_curves(state.curves, file_format)


def _chart_name(run: Run, others: list[Run]) -> str:
    return "-".join(["accuracy-run", *(str(each.number) for each in (run, *others))])


def draw_damaged() -> None:
    """Draw the error of each run that cannot be read, and a button to delete it."""
    store = resources.store()
    for error in store.damaged_runs(resources.NEWEST):
        run_id = str(error.values["run_id"])
        st.warning(explain(error), icon=":material/broken_image:")
        label = _("Delete run {number}", number=error.values["number"])
        if st.button(label, icon=":material/delete:", key=f"delete_{run_id}"):
            store.delete(run_id)
            st.rerun()
