"""Map: the test images in two dimensions, by the embeddings of a network."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import Sample
from ui.components.scatter.scatter import scatter
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.images import data_url, png
from ui.server import resources
from ui.state.session import session
from ui.views.map.projection import confusion_sentence, draw_projection, pick_projection
from ui.widgets.gallery import open_in_predict
from ui.widgets.guards import require_dataset, show_errors
from ui.widgets.page import page_title
from ui.widgets.prediction import input_image
from ui.widgets.run_picker import pick_run, require_trained_runs
from ui.widgets.status import draw_degenerate_warnings

state = session()
page_title(_("Map of the test images"))
dataset = require_dataset()
labels = dataset.test.labels


@st.fragment
def draw_map(points: np.ndarray, logits: np.ndarray, predicted: np.ndarray, sentence: str) -> None:
    """Draw the map beside the selected image, and open an image on Predict."""
    with show_errors():
        plane, panel = st.columns([5, 2], gap="medium")
        with plane:
            selection = scatter(points, labels, predicted, sentence, key="scatter")
            st.caption(sentence)
        with panel:
            _draw_image(dataset.sample("test", selection.selected), softmax(logits[selection.selected]))
            open_selected = st.button(_("Open in Predict"), icon=":material/search:", width="stretch")
        opened = selection.selected if open_selected else selection.opened
        if opened is not None:
            state.choose(epoch=None)  # the map is that of the newest epoch
            open_in_predict(opened)


def _draw_image(sample: Sample, confidence: np.ndarray) -> None:
    predicted = int(confidence.argmax())
    sentence = _(
        "Predicted: {name}, with a confidence of {share}.",
        name=class_name(predicted),
        share=percent(confidence[predicted], 2),
    )
    if predicted == sample.label:
        verdict = ":green[:material/check_circle: " + _("Right") + "]"
    else:
        verdict = ":red[:material/cancel: " + _("Wrong") + "]"
    caption = input_image(sample).caption
    with st.container(height=370, border=True):  # room for the longest names
        # A data URL: an image at an address of its own would need another request.
        st.image(data_url(png(sample.image, scale=6)), width=168, caption=caption, alt=caption)
        st.markdown(f"{verdict}  \n{sentence}")


runs = require_trained_runs()
networks, projections = st.columns(2, gap="large")
with networks:
    run = pick_run(runs)
with projections:
    pick_projection()
draw_degenerate_warnings((run, len(run.epochs)))
st.markdown(_("Each dot is a test image; misclassified images have a ring."))
if projected := draw_projection(run, labels):
    logits = resources.logits(run.id, len(run.epochs))
    predicted = predictions(logits)
    draw_map(projected[0], logits, predicted, f"{projected[1]} {confusion_sentence(labels, predicted)}")
