"""Predict: an image, the network's prediction and layers, its explanation, and its history over the epochs."""

import streamlit as st

from ui.components.network.network import predict_page
from ui.i18n.text import _
from ui.state.address import write_url
from ui.state.session import session
from ui.views.prediction.answer import answer
from ui.views.prediction.similar import find_similar
from ui.widgets.degenerate import draw_degenerate_warnings
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.run_picker import chosen_network, require_trained_runs, trained_runs

state = session()


def pick_source() -> None:
    """Draw the choice of the kind of image; what is `small` is left out on a phone."""
    sources = {
        "test": _("Test :small[image]"),
        "train": _("Training :small[image]"),
        "photo": _(":small[Your] photo"),
        "draw": _("Draw"),
    }
    st.segmented_control(
        _("Image"), label_visibility="collapsed", required=True, **state.bind_options("source", sources)
    )


page_title(_("Predict"), pick_source)
dataset = require_dataset()


@st.fragment
def predict(source: str) -> None:
    """Draw the page for the chosen network; it follows the hand in the browser."""
    if state.source != source:
        st.rerun()  # an image of another kind was opened: the switch above shows it
    with show_errors():
        runs = trained_runs()
        run, epoch = chosen_network(runs)
        draw_degenerate_warnings((run, epoch))
        shown = answer(dataset, run, epoch)
        page = st.container()
        similar = None
        if shown and state.predict_view == "explanation":
            with st.container(key="similar"):
                similar = find_similar(dataset.train, run, epoch, shown.image)
        with page:
            predict_page(runs, run, shown, similar, key="predict")
        write_url()


require_trained_runs(reruns=False)  # the component follows a training by itself
predict(state.source)
