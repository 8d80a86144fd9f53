"""Predict: the class of an image, its explanation, and its history over the epochs."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import rounded
from fmnist.data.dataset import Sample
from fmnist.runs.record import Run
from ui.i18n.text import _
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.prediction.epochs import draw_history
from ui.views.prediction.explanation import draw_explanation
from ui.views.prediction.sample_picker import pick_sample
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.prediction import draw_prediction, input_image
from ui.widgets.run_picker import pick_network, require_trained_runs

state = session()
page_title(_("Predict the class of an image"))
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
        pick_sample(dataset, run, epoch)
        views = {"prediction": _("Prediction"), "explanation": _("Why"), "epochs": _("Over the epochs")}
        st.segmented_control(_("View"), required=True, **state.bind_options("predict_view", views))
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


predict(require_trained_runs())
