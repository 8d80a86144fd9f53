"""Run: the settings, metrics and files of one run."""

import streamlit as st

from fmnist.runs.record import Run
from ui.charts.loss import loss_chart
from ui.i18n.text import _
from ui.views.run.facts import command, draw_determinism, draw_environment, draw_epochs, draw_facts
from ui.views.run.files import draw_files
from ui.widgets.guards import draw_blocking_error, require_desk
from ui.widgets.live import draw_run, rerun_when_changed
from ui.widgets.page import page_title
from ui.widgets.run_picker import check_address, pick_run

page_title(_("Run details"))


def draw_links(run: Run) -> None:
    """Draw the buttons to the other pages of the run."""
    own = run.origin != "project"
    pages = {"train": (_("Stop, train longer or delete"), ":material/model_training:")} if own else {}
    if run.epochs:
        pages = {
            "predict": (_("Try this network"), ":material/search:"),
            "evaluate": (_("See its mistakes"), ":material/fact_check:"),
        } | pages
    with st.container(horizontal=True):
        for page, (label, icon) in pages.items():
            # The run's id in the key: a late click on one run's button does not press another's.
            if st.button(label, icon=icon, key=f"{page}_{run.id}"):
                st.switch_page(f"ui/pages/{page}.py")


def draw_details(run: Run) -> None:
    """Draw the run's curves, settings, metrics, files and machine."""
    draw_run(run, [])
    if run.active and run.failure:
        draw_blocking_error(run.failure)
    settings, loss = st.columns(2, gap="large")
    with settings:
        st.header(_("Settings"))
        draw_facts(run)
    if run.epochs:
        with loss:
            st.header(_("Loss"))
            loss_chart(run, key=f"loss_{run.id}")
        st.header(_("Epoch by epoch"))
        draw_epochs(run)
    files, machine = st.columns(2, gap="large")
    with files:
        st.header(_("Files"))
        draw_files(run)
        st.header(_("Reproduce"))
        st.caption(_("This command trains in a terminal with the same settings:"))
        st.code(command(run), language="bash", wrap_lines=True)
        if run.epochs and not run.active:
            draw_determinism(run)
        st.caption(_("The address of this page:"))
        st.code(f"{st.context.url}?run={run.id}", language=None, wrap_lines=True)
    with machine:
        st.header(_("Machine"))
        draw_environment(run)


runs = require_desk().store.runs()
check_address(runs)
chosen = pick_run(runs)
draw_links(chosen)
draw_details(chosen)
rerun_when_changed(runs)
