"""Your picture: the prediction for a visitor's photograph or drawing."""

import streamlit as st

from fmnist.analysis.metrics import rounded
from fmnist.analysis.ood import detect
from fmnist.inference import preprocessing
from fmnist.runs.ood import distances_of
from fmnist.runs.record import Run
from ui.i18n.text import _
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.prediction.explanation import draw_explanation
from ui.views.prediction.photo_prediction import draw_detection, draw_photo_prediction
from ui.views.prediction.picture_input import drawing_input, photo_input
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.prediction import InputImage
from ui.widgets.run_picker import pick_network, require_trained_runs

state = session()
page_title(_("Predict the class of your own picture"))
dataset = require_dataset()


@st.fragment
def predict(runs: list[Run]) -> None:
    """Draw the choice of a network, the input of a picture, its prediction and explanation."""
    with show_errors():
        run, epoch = pick_network(runs)
        sources = {"photo": _("Your photo"), "draw": _("Draw")}
        st.segmented_control(
            _("Source"), label_visibility="collapsed", required=True, **state.bind_options("source", sources)
        )
        prediction = drawing_input(run, epoch) if state.source == "draw" else photo_input(dataset.train)
        if state.picture is not None:
            image = InputImage(preprocessing.from_text(state.picture), _("The network's input: 28 × 28 gray values"))
            activations = resources.classifier(run.id, epoch).activations(image.pixels)
            logits = rounded(activations["logits"])
            test_logits, distances = resources.logits(run.id, epoch), distances_of(resources.weights(run.id, epoch))
            detection = detect(image.pixels, activations, test_logits, distances)
            with prediction:
                if state.source == "photo":
                    draw_photo_prediction(image, logits, detection)
                else:
                    draw_detection(logits, detection)
            draw_explanation(dataset.train, image, run, epoch, predicted=int(logits.argmax()))
        write_url()


predict(require_trained_runs())
