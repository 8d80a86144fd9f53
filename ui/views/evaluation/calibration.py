"""The calibration of a network's confidence, and selective prediction above a threshold."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from fmnist.analysis.calibration import (
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    brier_score,
    calibrates,
    expected_calibration_error,
)
from fmnist.analysis.metrics import cross_entropy, predictions, sigmoid, softmax
from fmnist.data.dataset import Dataset
from fmnist.recipe import HELD_OUT_IMAGES
from fmnist.runs.record import Run
from ui.charts.coverage import coverage_chart
from ui.charts.reliability import reliability_chart
from ui.i18n.text import _, fixed, number, percent
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session


class ConfidenceMeasure(NamedTuple):
    """A measure of confidence (n,), with its logits (n, 10) if they give probabilities."""

    confidence: np.ndarray
    logits: np.ndarray | None


def draw_calibration(run: Run, epoch: int, dataset: Dataset) -> None:
    """Draw the calibration on the test images: before and after a temperature, and of the notebook's score."""
    logits, labels = resources.logits(run.id, epoch), dataset.test.labels
    temperature = resources.temperature(run.id, epoch, dataset.train.labels[-HELD_OUT_IMAGES:])
    correct = predictions(logits) == labels
    measures = _measures(logits.astype(np.float64), temperature)

    st.header(_("Is the confidence calibrated?"))
    st.write(
        _(
            "Of a hundred predictions with 80% confidence, eighty should be right. On the dashed line the "
            "confidence is calibrated; below it the network is overconfident. The test images are sorted into 15 "
            "bins by their confidence; the larger a mark, the more images in its bin, and an empty bin has none."
        )
    )
    diagram, numbers = st.columns(2, gap="large")
    with diagram:
        reliability_chart({name: measure.confidence for name, measure in measures.items()}, correct, key="reliability")
    with numbers:
        _draw_table(measures, correct, labels)
        _draw_temperature(run, temperature)
    # The softmax, after the temperature if there is one: the last measure before the notebook's score.
    *_others, (name, softmax_measure), _scores = measures.items()
    _draw_selective_prediction(name, softmax_measure.confidence, correct)


def _measures(logits: np.ndarray, temperature: float | None) -> dict[str, ConfidenceMeasure]:
    scores = {_("Notebook's score (sigmoid)"): ConfidenceMeasure(sigmoid(logits.max(axis=1)), None)}
    if temperature is None:
        return {_("Softmax"): _softmax(logits)} | scores
    after = _softmax(logits / temperature)
    return {_("Softmax before the temperature"): _softmax(logits), _("Softmax after the temperature"): after} | scores


def _softmax(logits: np.ndarray) -> ConfidenceMeasure:
    return ConfidenceMeasure(softmax(logits).max(axis=1), logits)


def _draw_temperature(run: Run, temperature: float | None) -> None:
    if temperature is not None and not calibrates(temperature):
        st.warning(
            _(
                "**No temperature calibrates this network**: on the held-out images, its confidence and its "
                "accuracy stay apart for every temperature from {least} to {most}. “After the temperature” uses "
                "{temperature}, the end of that range.",
                least=number(MIN_TEMPERATURE, 2),
                most=number(MAX_TEMPERATURE),
                temperature=fixed(temperature, 2),
            ),
            icon=":material/thermostat:",
        )
    elif temperature is not None:
        st.write(
            _(
                "**Temperature {temperature}**: the ten logits are divided by it before the softmax. It is fitted "
                "on the {count} held-out training images, where the mean confidence then equals the accuracy; the "
                "test images are not used. Above 1 it lowers the confidence, below 1 it raises it, and near 1 the "
                "network needs none; no prediction changes.",
                temperature=fixed(temperature, 2),
                count=number(HELD_OUT_IMAGES),
            )
        )
    elif run.recipe.validation == "test":
        st.info(
            _(
                "This run validates on the test images, as the notebook does, so no image is left to fit a "
                "temperature on. Train with a held-out validation set to see the effect of a temperature."
            ),
            icon=":material/thermostat:",
        )
    else:
        st.info(
            _(
                "The predictions for the held-out images were not stored with this epoch, so there is nothing to "
                "fit a temperature on. Train again to see the effect of a temperature."
            ),
            icon=":material/thermostat:",
        )


# A fragment: moving the slider redraws nothing else.
@st.fragment
def _draw_selective_prediction(name: str, confidence: np.ndarray, correct: np.ndarray) -> None:
    state = session()
    st.header(_("Selective prediction: answer only above a confidence"))
    selection, curve = st.columns(2, gap="large")
    with selection:
        threshold = state.bind("threshold", steps=True)
        st.slider(_("Confidence threshold"), 0.0, 1.0, step=0.01, format="percent", **threshold)
        sentence = st.empty()
        st.caption(_("Confidence: {kind}.", kind=name))
    with curve:
        sentence.markdown(coverage_chart(confidence, correct, state.threshold, key="coverage"))
    write_url()


def _draw_table(measures: dict[str, ConfidenceMeasure], correct: np.ndarray, labels: np.ndarray) -> None:
    logits = [measure.logits for measure in measures.values()]
    errors = [expected_calibration_error(measure.confidence, correct) for measure in measures.values()]
    st.table(
        {
            _("Confidence"): list(measures),
            _("Calibration error (ECE)"): [percent(error, 2) for error in errors],
            _("Negative log-likelihood"): [
                "–" if own is None else fixed(cross_entropy(own, labels), 4) for own in logits
            ],
            _("Brier score"): ["–" if own is None else fixed(brier_score(softmax(own), labels), 4) for own in logits],
        },
        hide_index=True,
    )
    st.caption(
        _(
            "In all three, lower is better. The calibration error is the difference between confidence and "
            "accuracy, averaged over the bins. The other two measure all ten probabilities of an image; the "
            "notebook's ten scores do not add up to 100%, so they are no probabilities and are left out."
        )
    )
