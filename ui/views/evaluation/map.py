"""The test images in two dimensions, by the embeddings of a network after its last epoch."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import Dataset, Sample
from fmnist.runs.record import Run
from ui.components.scatter.scatter import scatter
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.images import data_url, png
from ui.server import resources
from ui.state.session import session
from ui.views.evaluation.projection import confusion_sentence, draw_projection, pick_projection
from ui.widgets.gallery import open_in_predict
from ui.widgets.guards import show_errors
from ui.widgets.prediction import input_image


def draw_map(run: Run, epoch: int, dataset: Dataset) -> None:
    """Draw the choice of a projection, the map, and beside it the selected image."""
    labels, last = dataset.test.labels, len(run.epochs)
    with st.container(horizontal=True, vertical_alignment="center"):
        pick_projection()
        sentences = [_("Each dot is a test image; misclassified images have a ring.")]
        if epoch != last:
            sentences.append(_("The map is that of the finished network, after epoch {last}.", last=last))
        st.markdown(" ".join(sentences), width="content")
    if projected := draw_projection(run, labels):
        logits = resources.logits(run.id, last)
        predicted = predictions(logits)
        sentence = f"{projected[1]} {confusion_sentence(labels, predicted)}"
        _draw_points(projected[0], logits, predicted, sentence, dataset)


# A fragment: the image beside the map is drawn anew, the map is not.
@st.fragment
def _draw_points(
    points: np.ndarray, logits: np.ndarray, predicted: np.ndarray, sentence: str, dataset: Dataset
) -> None:
    with show_errors():
        plane, panel = st.columns([5, 2], gap="medium")
        with plane:
            selection = scatter(points, dataset.test.labels, predicted, sentence, key="scatter")
            st.caption(sentence)
        with panel:
            _draw_image(dataset.sample("test", selection.selected), softmax(logits[selection.selected]))
            open_selected = st.button(_("Open in Predict"), icon=":material/search:", width="stretch")
        opened = selection.selected if open_selected else selection.opened
        if opened is not None:
            session().choose(epoch=None)  # the map is that of the newest epoch
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
