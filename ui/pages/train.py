"""Train: choose a recipe, press the button, watch the accuracy grow."""

from functools import partial

import streamlit as st

from fmnist import drawing
from fmnist.runs.expectation import expectation
from fmnist.runs.record import Run
from ui import resources
from ui.choosing import check_address, pick_run
from ui.live import draw_run, rerun_when_changed
from ui.loading import need_desk
from ui.recipe_form import expectation_sentence, recipe_form
from ui.runs_table import runs_table
from ui.session import session
from ui.text import _
from ui.widgets import figure_downloads, layer_table, page_title

state = session()
page_title(_("Train a network"))
desk = need_desk()


def act(run: Run) -> None:
    """What can be done with a run now."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.active and st.button(_("Stop"), icon=":material/stop:", disabled=run.stop_requested):
            desk.stop(run.id)
            st.rerun()
        if run.epochs and st.button(_("Ask this network"), icon=":material/search:"):
            state.choose(run=run.id)
            st.switch_page("ui/pages/predict.py")
        if st.button(_("All about this run"), icon=":material/description:"):
            st.switch_page("ui/pages/record.py")
        if run.status in ("succeeded", "stopped") and run.epochs:
            more = st.number_input(_("More epochs"), 1, 200, 5, width=140, key="more")
            if st.button(_("Train on"), icon=":material/add:"):
                desk.extend(run.id, more)
                resources.attendant().wake()
                st.rerun()
        if run.epochs:
            curves = [epoch.accuracy for epoch in run.epochs], [epoch.val_accuracy for epoch in run.epochs]
            title, name = _("Chart as {format}"), f"accuracy-run-{run.number}"
            figure_downloads(title, partial(drawing.accuracy_over_epochs, *curves), name)
        if run.status != "running" and st.button(_("Delete"), icon=":material/delete:"):
            desk.delete(run.id)
            state.choose(run=None)
            st.rerun()


runs = desk.store.runs()
if runs:
    check_address(runs)
settings, results = st.columns([1, 2], gap="large")
with settings:
    recipe = recipe_form()
    st.caption(expectation_sentence(expectation(recipe, runs, resources.this_machine())))
    if st.button(_("Train"), type="primary", icon=":material/play_arrow:", width="stretch"):
        # What was seen stays in the chart, beside the new run.
        beside = [run.id for run in runs if run.id == state.run and run.epochs]
        state.choose(run=desk.submit(recipe, "page").id, compare=beside)
        resources.attendant().wake()
        runs = desk.store.runs()
    layer_table()
with results:
    if runs:
        chosen = pick_run(runs)
        others = [run for run in runs if run.id in state.compare and run.id != chosen.id]
        draw_run(chosen, others)
        act(chosen)
    else:
        st.info(_("Nothing is trained yet. Press Train and watch the accuracy grow."), icon=":material/arrow_back:")
if len(runs) > 1:
    runs_table(runs, chosen)
rerun_when_changed(runs)
