"""The actions on a run."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.plots import rendering
from fmnist.recipe import LEARNING_RATES, LIMITS
from fmnist.runs.record import Run
from ui.i18n.text import _, explain
from ui.server import resources
from ui.state.session import Session, session
from ui.widgets.deletion import draw_deletion
from ui.widgets.downloads import figure_downloads


def draw_actions(run: Run, others: list[Run]) -> None:
    """Draw the buttons of a run: chart with the `others`, train longer, delete."""
    store, state = resources.store(), session()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.epochs:
            with _unbroken():
                figure_downloads(_("Chart as {format}"), partial(_draw_curves, state), _chart_name(run, others))
        own = run.origin != "project"
        if own and not run.active and run.epochs:
            missing = run.target_epochs - len(run.epochs)  # the epochs that a failed or stopped run lacks
            with _unbroken():
                more = st.number_input(_("More epochs"), 1, 200, missing or 5, width=140, key=f"more_{missing}")
                rate = _pick_learning_rate(run)
                extended = _pressed(run, "extend", _("Add epochs"), "add")
            if extended:
                store.extend(run.id, more, rate)
                resources.supervisor().wake()
                st.rerun()
        if own and not run.active:
            draw_deletion(run)


def _pick_learning_rate(run: Run) -> float | None:
    """Draw the choice of the learning rate of further epochs; return None for that of the epochs before."""
    least, most = LIMITS["learning_rate"]
    with st.popover(_("Learning rate"), icon=":material/tune:", key=f"ask_rate_{run.id}"):
        return st.number_input(
            _("Learning rate"), least, most, None, step=LEARNING_RATES[run.recipe.optimizer] / 10, format="%g",
            placeholder=_("as before"), key=f"rate_{run.id}",
            help=_("That of the further epochs, which keep it to their end."),
        )  # fmt: skip


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


def _unbroken() -> DeltaGenerator:
    """Return a part of the row that a narrow page moves to the next line as a whole."""
    return st.container(horizontal=True, vertical_alignment="bottom", width="content")


def _pressed(run: Run, name: str, label: str, icon: str) -> bool:
    # The run's id in the key: a late click on one run's button does not press another's.
    return st.button(label, icon=f":material/{icon}:", key=f"{name}_{run.id}")
