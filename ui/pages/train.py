"""Train: a recipe, its run, and all runs."""

import streamlit as st

from fmnist.runs.estimate import estimate
from ui.components.focus.focus import keep_focus
from ui.i18n.text import _
from ui.server import resources
from ui.state.session import session
from ui.views.train.layer_table import layer_table
from ui.views.train.recipe_form import estimate_sentence, recipe_form
from ui.views.train.run_actions import draw_actions, draw_damaged
from ui.views.train.runs_table import runs_table
from ui.widgets.guards import blocking_error, draw_blocking_error, require_desk
from ui.widgets.live import draw_run, rerun_when_changed
from ui.widgets.page import page_title
from ui.widgets.run_picker import check_address, pick_run

state = session()
page_title(_("Train a network"))
with st.container():  # a message in it does not move the settings below
    desk = require_desk()
    runs = desk.store.runs()
    check_address(runs)
settings, results = st.columns([1, 2], gap="large")
with settings:
    recipe = recipe_form()
    estimated = estimate(recipe, runs, resources.this_machine())
    # A key for each submission: Streamlit drops a second click before the next drawing, as its button no longer exists.
    key = f"train_{state.submissions}"
    error = blocking_error(runs)
    pressed = st.button(
        _("Train"), type="primary", icon=":material/play_arrow:", width="stretch", key=key, disabled=error is not None
    )
    if pressed and not error:  # a client can press a disabled button
        state.submissions += 1
        # The run in the chart stays there with the new one.
        compared = [run.id for run in runs if run.id == state.run and run.epochs and run.origin != "project"]
        state.choose(run=desk.submit(recipe, "page").id, compare=compared)
        resources.supervisor().wake()
        st.rerun()
    if error:
        draw_blocking_error(error)
    # Below the button, which stays in place when the estimate changes with the settings.
    st.caption(estimate_sentence(estimated))
    layer_table()
    keep_focus("train_")
with results:
    if all(run.origin == "project" for run in runs):
        st.info(_("Press Train and watch the accuracy of your own network grow."), icon=":material/play_arrow:")
    chosen = pick_run(runs)
    others = [run for run in runs if run.id in state.compare and run.id != chosen.id]
    draw_run(chosen, others)
    draw_actions(chosen, others)
runs_table(runs, chosen)
draw_damaged()
rerun_when_changed(runs)
