"""The predictions of two networks for one sample."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import softmax
from fmnist.data.dataset import Sample
from ui.components.score_bars.score_bars import ClassScores, draw_score_bars
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.widgets.gallery import open_in_predict
from ui.widgets.prediction import draw_input_image, input_image

NETWORKS = ("A", "B")


def draw_two_predictions(sample: Sample, first: np.ndarray, second: np.ndarray) -> None:
    """Draw the image, both predictions in words, and their ten confidences; logits (10,) of networks A and B."""
    confidences = softmax(first), softmax(second)
    sentences = [_sentence(*pair, sample.label) for pair in zip(NETWORKS, confidences, strict=True)]
    if confidences[0].argmax() == confidences[1].argmax():
        st.write(_("The predictions agree:"))
    else:
        st.write(_("The predictions disagree:"))
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_input_image(input_image(sample), scale=8)
        with st.container(width=260):
            for sentence in sentences:
                st.markdown(sentence)
            if st.button(_("Open in Predict with network A"), icon=":material/search:"):
                open_in_predict(sample.index)
    of_a, of_b = (ClassScores(network, scores) for network, scores in zip(NETWORKS, confidences, strict=True))
    draw_score_bars(of_a, of_b, sample.label, _("Probability of each class: A above, B below."))


def _sentence(network: str, confidence: np.ndarray, label: int) -> str:
    predicted = int(confidence.argmax())
    values = {
        "network": network,
        "predicted": class_name(predicted),
        "confidence": percent(confidence[predicted], 2),
    }
    if predicted == label:
        return _("✓ {network} predicts **{predicted}** with a confidence of {confidence}: right.", **values)
    return _("✗ {network} predicts **{predicted}** with a confidence of {confidence}: wrong.", **values)
