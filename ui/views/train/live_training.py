"""The live block of a run: what is known before it, what is pressed on it, and the chart beside other runs."""

from dataclasses import replace

import streamlit as st

from fmnist.recipe import LEARNING_RATES, NOTEBOOK
from fmnist.runs.estimate import estimate, seconds_until_start
from fmnist.runs.record import Run
from ui.charts.accuracy import accuracy_chart, accuracy_curves, pick_x_axis
from ui.components.training.training import Event, Expected, training_block
from ui.server import resources
from ui.state.session import session
from ui.views.train.recipe_form import fill_form


def draw_training(run: Run, runs: list[Run], *, status_only: bool) -> None:
    """Draw the run from its first batch to its end, and follow what is pressed there."""
    store, state = resources.store(), session()

    def prepare(event: Event | None) -> None:
        if event == Event("rate"):
            fill_form(replace(run.recipe, learning_rate=LEARNING_RATES[run.recipe.optimizer]))

    match training_block(run, _expected(run, runs), prepare, status_only=status_only):
        case Event("stop"):
            store.request_stop(run.id)
            st.rerun()
        case Event("longer", more=more, rate=rate) if not run.active:
            store.extend(run.id, more, rate)
            resources.supervisor().wake()
            st.rerun()
        case Event("try"):
            state.choose(run=run.id)
            st.switch_page("ui/pages/predict.py")
        case Event("open", index, epoch):
            state.choose(run=run.id, source="test", index=index, epoch=epoch)
            st.switch_page("ui/pages/predict.py")
        case Event("mistakes"):
            state.choose(run=run.id, evaluate_view="misclassified")
            st.switch_page("ui/pages/evaluate.py")


def _expected(run: Run, runs: list[Run]) -> Expected:
    here = resources.this_machine()
    others = [other for other in runs if other.id != run.id]
    before = estimate(run.recipe, others, here)
    return Expected(
        accuracy=before.accuracy,
        seconds=before.seconds,
        wait=seconds_until_start(run, runs, here),
        notebook_seconds=estimate(NOTEBOOK, others, here).seconds,
    )


def draw_curves(run: Run, others: list[Run]) -> None:
    """Draw the curves of several runs in one chart; keep those of one run for a file."""
    if others:
        x_axis = pick_x_axis([run, *others])
        session().curves = accuracy_chart([run, *others], key=f"accuracy_{run.id}_{x_axis}", x_axis=x_axis)
    else:
        session().curves = accuracy_curves([run])
