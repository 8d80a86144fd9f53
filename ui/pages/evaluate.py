"""Evaluate: the metrics of a network on the test set, after any of its epochs."""

import streamlit as st

from fmnist.analysis.metrics import misclassified
from fmnist.runs.record import Run
from ui.i18n.text import _, number, percent
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.evaluation.calibration import draw_calibration
from ui.views.evaluation.confusion import draw_confusion_matrix
from ui.views.evaluation.map import draw_map
from ui.views.evaluation.misclassified import draw_misclassified
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.run_picker import pick_network, require_trained_runs

state = session()
page_title(_("Evaluate a network"))
dataset = require_dataset()

DRAW = {
    "matrix": draw_confusion_matrix,
    "misclassified": draw_misclassified,
    "calibration": draw_calibration,
    "map": draw_map,
}


@st.fragment
def evaluate(runs: list[Run]) -> None:
    """Draw the choice of a network and of a view, its test accuracy, and the view."""
    with show_errors():
        network, metrics = st.columns([3, 1], gap="large")
        with network:
            run, epoch = pick_network(runs)
        with metrics:
            _draw_metrics(run, epoch)
        _pick_view()
        DRAW[state.evaluate_view](run, epoch, dataset)
        write_url()


def _pick_view() -> None:
    views = {
        "matrix": _("Confusion matrix"),
        "misclassified": _("Mistakes"),
        "calibration": _("Confidence"),
        "map": _("Map"),
    }
    st.segmented_control(
        _("View"), label_visibility="collapsed", required=True, **state.bind_options("evaluate_view", views)
    )


def _draw_metrics(run: Run, epoch: int) -> None:
    total, wrong = len(dataset.test), len(misclassified(resources.logits(run.id, epoch), dataset.test.labels))
    with st.container(horizontal=True, width="content", gap="large"):
        st.metric(_("Test accuracy"), percent(1 - wrong / total, 2), width="content")
        st.metric(_("Mistakes"), number(wrong), help=_("Of {count} test images.", count=number(total)), width="content")


evaluate(require_trained_runs())
