"""Train: a recipe, its run, and all runs."""

import streamlit as st

from ui.i18n.text import _
from ui.server import resources
from ui.state.session import session
from ui.views.run.details import draw_details
from ui.views.train.layer_table import layer_table
from ui.views.train.live_training import draw_curves, draw_training
from ui.views.train.recipe_form import recipe_form
from ui.views.train.run_actions import draw_actions, draw_damaged
from ui.views.train.runs_table import compare_runs, runs_table
from ui.views.train.submission import draw_submission
from ui.widgets.deletion import draw_undo
from ui.widgets.guards import require_runs
from ui.widgets.live import rerun_when_changed
from ui.widgets.page import page_title
from ui.widgets.run_picker import check_address, pick_run

state = session()


def pick_view() -> None:
    """Draw the choice between the training and the details of a run."""
    views = {"training": _("Training"), "details": _("Run details")}
    st.segmented_control(
        _("View"), label_visibility="collapsed", required=True, **state.bind_options("train_view", views)
    )


page_title(_("Train a network"), pill=False)
with st.container():  # a message in it does not move the settings below
    runs = require_runs()
    check_address(runs)
resources.supervisor().warm_up()  # a click on Train is expected
settings, results = st.columns([256, 918], gap="medium")
with results:
    live = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="run_and_view"):
        chosen = pick_run(runs)
        pick_view()
with settings:
    draw_submission(recipe_form(runs), runs, chosen)
    layer_table()
    compare_runs(runs, chosen)
details = state.train_view == "details"
with results:
    with live:
        draw_training(chosen, runs, status_only=details)
    if details:
        draw_details(chosen)
    else:
        others = [run for run in runs if run.id in state.compare and run.id != chosen.id]
        draw_curves(chosen, others)
        draw_actions(chosen, others)
    draw_undo()
if chosen.id == state.trained and not chosen.active:  # its result is seen
    state.trained = next((run.id for run in reversed(runs) if run.active and run.id in state.submitted), None)
runs_table(runs)
draw_damaged()
if details or not chosen.active:  # of its end, the block tells
    rerun_when_changed(runs, lambda: {chosen.id} if details else ())
