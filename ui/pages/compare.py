"""Compare: two networks side by side."""

import streamlit as st

from fmnist.data.dataset import SPLIT_SIZES
from fmnist.runs.record import Run
from ui.charts.accuracy import accuracy_chart, pick_x_axis
from ui.i18n.text import _
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.comparison.disagreements import draw_disagreements
from ui.views.comparison.settings_table import settings_table
from ui.views.comparison.significance import draw_significance
from ui.widgets.degenerate import draw_degenerate_warnings
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.run_picker import pick_first, pick_other, require_trained_runs

state = session()
page_title(_("Compare two networks"))
dataset = require_dataset()
if state.sample_split != "test":  # the store has no logits of the training image on Predict
    state.choose(source="test", index=state.index if state.index < SPLIT_SIZES["test"] else type(state).index)


@st.fragment
def compare(runs: list[Run]) -> None:
    """Draw the choice of two networks, their significance test, settings, curves and disagreements."""
    with show_errors():
        one, another = st.columns(2, gap="large")
        with one:
            first, first_epoch = pick_first(runs)
        with another:
            second, second_epoch = pick_other(runs, first)
        draw_degenerate_warnings((first, first_epoch), (second, second_epoch))
        logits = resources.logits(first.id, first_epoch), resources.logits(second.id, second_epoch)
        verdict, curves = st.columns(2, gap="large")
        with verdict:
            if (first.id, first_epoch) == (second.id, second_epoch):
                _draw_same_network()
            else:
                draw_significance(*logits, dataset.test.labels)
        with curves:
            st.header(_("Epoch by epoch"))
            if first.id == second.id:
                accuracy_chart([first], key="curves")
            else:
                x_axis = pick_x_axis([first, second])
                accuracy_chart([first, second], key=f"curves_{x_axis}", x_axis=x_axis)
        st.header(_("How they were trained"))
        settings_table(first, first_epoch, second, second_epoch)
        draw_disagreements(dataset, *logits)
        write_url()


def _draw_same_network() -> None:
    st.info(
        _("A and B are the same network. Choose another run or another epoch for one of them."),
        icon=":material/equal:",
    )


compare(require_trained_runs(two=True))
