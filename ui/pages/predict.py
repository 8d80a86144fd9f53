"""Predict: the class of an image, its explanation, and its history over the epochs."""

import random

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import misclassified, rounded
from fmnist.data.dataset import SPLIT_SIZES, Sample
from fmnist.inference import preprocessing
from fmnist.runs.record import Run
from ui.i18n.text import _, number
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.prediction.epochs import draw_history
from ui.views.prediction.explanation import draw_explanation
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.prediction import draw_prediction, input_image
from ui.widgets.run_picker import pick_network, require_trained_runs

state = session()
page_title(_("Ask the network"))
dataset = require_dataset()


def logits_of(sample: Sample, run: Run, epoch: int) -> np.ndarray:
    """Return the stored logits of a test image; those of a training image are computed."""
    if sample.split == "test":
        return resources.logits(run.id, epoch)[sample.index]
    return rounded(resources.classifier(run.id, epoch).logits(sample.image[np.newaxis])[0])


@st.fragment
def predict(runs: list[Run]) -> None:
    """Draw the choice of a network and of an image, and a view of the prediction."""
    with show_errors():
        run, epoch = pick_network(runs)
        _pick_image(run, epoch)
        views = {"prediction": _("Its answer"), "explanation": _("Why"), "epochs": _("Since when")}
        st.segmented_control(_("What to see"), required=True, **state.bind_options("predict_view", views))
        sample = dataset.sample(state.sample_split, state.index)
        logits = logits_of(sample, run, epoch)
        match state.predict_view:
            case "prediction":
                draw_prediction(sample, logits)
            case "explanation":
                draw_explanation(dataset.train, input_image(sample), run, epoch, predicted=int(logits.argmax()))
            case "epochs":
                draw_history(sample, run, epoch)
        write_url()


def _pick_image(run: Run, epoch: int) -> None:
    last = SPLIT_SIZES[state.sample_split] - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(_("Image"), 0, last, **state.bind("index", steps=True))
        label = _("Index (0–{last})", last=number(last))
        st.number_input(label, 0, last, width=140, **state.bind("index", by="type"))
        # Callbacks: a click during a rerun of the whole page cannot rerun the fragment alone.
        at_random = {"index": random.randint(0, last)}
        st.button(_("Random"), icon=":material/casino:", on_click=state.choose, kwargs=at_random)
        if state.sample_split == "train":
            first = {"sample_split": "test", "index": type(state).index}
            st.button(_("Back to the test images"), icon=":material/undo:", on_click=state.choose, kwargs=first)
        else:
            st.button(_("Next mistake"), icon=":material/rule:", on_click=_next_misclassified, args=(run.id, epoch))
        if st.button(_("Draw on it"), icon=":material/brush:"):
            image = dataset.sample(state.sample_split, state.index).image
            state.choose(picture=preprocessing.to_text(image), source="draw")
            st.switch_page("ui/pages/picture.py")


def _next_misclassified(run_id: str, epoch: int) -> None:
    wrong = misclassified(resources.logits(run_id, epoch), dataset.test.labels)
    if len(wrong):
        state.choose(index=int(wrong[np.searchsorted(wrong, state.index, "right") % len(wrong)]))


predict(require_trained_runs())
