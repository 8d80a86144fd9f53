"""A sample and the network's prediction for it."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import sigmoid, softmax
from fmnist.data.dataset import Sample
from ui.components.score_bars.score_bars import ClassScores, draw_score_bars
from ui.i18n.names import class_name
from ui.i18n.text import _, number, percent
from ui.widgets.image import draw_image


def draw_prediction(sample: Sample, logits: np.ndarray) -> None:
    """Draw the image beside the predicted class, the ten confidences and the notebook's ten scores; logits (10,)."""
    picture, bars = st.columns([1, 2], gap="large")
    with picture:
        draw_input_image(input_image(sample))
    with bars:
        draw_predicted_class(sample, softmax(logits))
        draw_scores(logits, sample.label)


class InputImage(NamedTuple):
    """An input of the network: pixels (28, 28) uint8, their caption, the index where it is a training image."""

    pixels: np.ndarray
    caption: str
    training_index: int | None = None


def input_image(sample: Sample) -> InputImage:
    """Return a sample as an input, captioned with its split, index and class."""
    index, true = number(sample.index), class_name(sample.label)
    if sample.split == "train":
        return InputImage(sample.image, _("Training image {index}: {true}", index=index, true=true), sample.index)
    return InputImage(sample.image, _("Test image {index}: {true}", index=index, true=true))


def draw_input_image(image: InputImage, scale: int = 10) -> None:
    """Draw the image, each pixel `scale` wide and high, with its caption below it."""
    draw_image(image.pixels, scale, alt=image.caption, caption=image.caption)


def draw_predicted_class(sample: Sample, confidence: np.ndarray) -> None:
    """Draw the predicted class of the confidences (10,), and whether it is correct."""
    predicted = int(confidence.argmax())
    st.metric(_("Predicted class"), class_name(predicted))
    confident = percent(confidence[predicted], 2)
    if predicted == sample.label:
        st.success(_("Right, with a confidence of {confidence}.", confidence=confident), icon=":material/check_circle:")
    else:
        true = class_name(sample.label)
        wrong = _(
            "Wrong, with a confidence of {confidence}: the true class is {true}.", confidence=confident, true=true
        )
        st.error(wrong, icon=":material/cancel:")


def draw_scores(logits: np.ndarray, label: int | None) -> None:
    """Draw the ten confidences beside the notebook's ten scores; `label` is the true class, if known."""
    confidence, scores = softmax(logits), sigmoid(logits)
    first, second = map(int, np.argsort(-confidence, kind="stable")[:2])
    sentence = (
        _(
            "No class stands out: {count} share the highest probability, {confidence}.",
            count=number(int((confidence == confidence.max()).sum())),
            confidence=percent(confidence[first], 2),
        )
        if confidence[first] == confidence[second]
        else _(
            "Highest probability: {first} with {first_confidence}, then {second} with {second_confidence}.",
            first=class_name(first),
            first_confidence=percent(confidence[first], 2),
            second=class_name(second),
            second_confidence=percent(confidence[second], 2),
        )
    )
    softmax_values = ClassScores(_("Probability (softmax)"), confidence, "bar")
    sigmoid_values = ClassScores(_("Notebook's score (sigmoid)"), scores, "diamond")
    draw_score_bars(softmax_values, sigmoid_values, label, sentence, predicted=first)
    st.markdown(
        _(
            "**Why two numbers?** The probability is the softmax of the network's ten logits: the ten add up to "
            "100%. The notebook's score is the sigmoid of each logit by itself, which is no probability: here the "
            "ten scores add up to {total}, and {second} has a score of {score}, but a probability of {confidence}.",
            total=percent(float(scores.sum())),
            second=class_name(second),
            score=percent(float(scores[second]), 2),
            confidence=percent(float(confidence[second]), 2),
        )
    )
