"""The prediction for a picture without a label, and its out-of-distribution check."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import softmax
from fmnist.analysis.ood import Detection
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.widgets.prediction import InputImage, draw_input_image, draw_scores


def draw_photo_prediction(image: InputImage, logits: np.ndarray, detection: Detection) -> None:
    """Draw the picture beside the prediction of the logits (10,), and the ten confidences."""
    seen, verdict = st.columns(2, gap="medium")
    with seen:
        draw_input_image(image)
    with verdict:
        st.metric(_("Predicted class"), class_name(int(logits.argmax())))
        draw_detection(logits, detection)
    draw_scores(logits, label=None)


def draw_detection(logits: np.ndarray, detection: Detection) -> None:
    """Draw the confidence of the logits (10,), and the out-of-distribution check."""
    confidence = softmax(logits)
    predicted = int(confidence.argmax())
    values = {"confidence": percent(confidence[predicted], 2), "share": percent(detection.percentile)}
    sentence = _in_distribution if detection.in_distribution else _out_of_distribution
    box, icon = (st.info, "checkroom") if detection.in_distribution else (st.warning, "help")
    box(sentence(detection, values), icon=f":material/{icon}:")


def _out_of_distribution(detection: Detection, values: dict[str, str]) -> str:
    if detection.score == "energy":
        return _(
            "**Out of distribution:** the network was not trained on pictures like this one. The energy of its ten "
            "logits is compared with that of the test images: {share} of these have logits as low as this picture. "
            "The prediction is always one of ten classes; do not rely on its confidence of {confidence}.",
            **values,
        )
    return _(
        "**Out of distribution:** the network was not trained on pictures like this one. The outputs of its layers "
        "are compared with the mean of each class: {share} of the held-out images are as far from the nearest "
        "class. The prediction is always one of ten classes; do not rely on its confidence of {confidence}.",
        **values,
    )


def _in_distribution(detection: Detection, values: dict[str, str]) -> str:
    if detection.score == "energy":
        return _(
            "Confidence: {confidence}. **In distribution:** the energy of the ten logits is compared with that of "
            "the test images: {share} of these have logits as low as this picture. Many foreign pictures pass this "
            "check; the network included in the project has a better one, for its last epoch.",
            **values,
        )
    return _(
        "Confidence: {confidence}. **In distribution:** the outputs of the layers are compared with the mean of "
        "each class: {share} of the held-out images are as far from the nearest class. A few foreign pictures pass "
        "this check, too.",
        **values,
    )
