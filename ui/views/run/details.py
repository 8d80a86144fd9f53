"""The details of a run: settings, losses, metrics of its epochs, files, command and machine."""

import streamlit as st

from fmnist.runs.record import Run
from ui.charts.loss import loss_chart
from ui.i18n.text import _
from ui.views.run.facts import draw_commands, draw_determinism, draw_environment, draw_epochs, draw_facts
from ui.views.run.files import draw_files


def draw_details(run: Run) -> None:
    """Draw everything that is known of a run."""
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
        draw_commands(run)
        if run.epochs and not run.active:
            draw_determinism(run)
    with machine:
        st.header(_("Machine"))
        draw_environment(run)
