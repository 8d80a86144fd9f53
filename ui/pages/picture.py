"""Ask the network about a picture of one's own."""

import streamlit as st

from fmnist.analysis.metrics import rounded
from fmnist.analysis.ood import detect
from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference import preprocessing
from fmnist.runs.ood import distances_of
from fmnist.runs.record import Run
from ui.components.grid.grid import image_grid
from ui.components.photo.photo import take_picture
from ui.i18n.names import class_names
from ui.i18n.text import _, number
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.prediction.explanation import draw_explanation
from ui.views.prediction.photo_prediction import draw_photo_prediction
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.prediction import InputImage
from ui.widgets.run_picker import pick_network, require_trained_runs

state = session()
page_title(_("Ask about your own picture"))
dataset = require_dataset()


@st.fragment
def ask(runs: list[Run]) -> None:
    """Choose a network, take a photograph, and read the answer."""
    with show_errors():
        run, epoch = pick_network(runs)
        photo, answer = st.columns([1, 2], gap="large")
        with photo:
            _take()
        if state.picture is None:
            with answer:
                _draw_examples()
        else:
            image = InputImage(preprocessing.from_text(state.picture), _("What the network sees: 28 × 28 greys"))
            activations = resources.classifier(run.id, epoch).activations(image.pixels)
            logits = rounded(activations["logits"])
            known, distances = resources.logits(run.id, epoch), distances_of(resources.weights(run.id, epoch))
            with answer:
                draw_photo_prediction(image, logits, detect(image.pixels, activations, known, distances))
            draw_explanation(dataset.train, image, run, epoch, predicted=int(logits.argmax()))
        write_url()


def _take() -> None:
    take_picture(key="photo")
    st.caption(
        _(
            "One piece of clothing, all of it, from the front; shoes from the side, the toe to the left. A plain "
            "background helps most. The server keeps no photograph: the 28 × 28 greys that are left of it are in the "
            "address of this page, so whoever has the link sees them."
        )
    )


def _draw_examples() -> None:
    st.markdown(_("**It knows ten kinds of clothes, and pictures like these.** It must choose one of the ten."))
    firsts = [int(dataset.train.indices(label)[0]) for label in range(len(CLASS_NAMES))]
    descriptions = [
        _("{name}, training image {index}", name=name, index=number(index))
        for name, index in zip(class_names(), firsts, strict=True)
    ]
    hint = _("Choose an image to ask a network about it.")
    opened = image_grid(dataset.train.images[firsts], class_names(), descriptions, hint, key="kinds")
    if opened is not None:
        state.choose(sample_split="train", index=firsts[opened], predict_view="prediction")
        st.switch_page("ui/pages/predict.py")


ask(require_trained_runs())
