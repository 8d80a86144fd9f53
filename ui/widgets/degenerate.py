"""The warning about a network that learned nothing."""

import streamlit as st

from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.text import explain


def draw_degenerate_warnings(*networks: tuple[Run, int]) -> None:
    """Draw a warning with the likely cause for each network, a run and an epoch, that learned nothing."""
    with st.container():  # with or without a warning, so that later elements keep their positions
        for run, epoch in networks:
            warning = degenerate_warning(run, epoch)
            if warning:
                st.warning(explain(warning), icon=":material/school:")
