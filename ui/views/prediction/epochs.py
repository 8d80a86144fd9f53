"""The predictions for an image over the epochs."""

from itertools import groupby

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import Sample
from fmnist.runs.record import Run
from ui.charts.history import history_lines
from ui.i18n.names import class_name
from ui.i18n.text import _, ngettext, number
from ui.server import resources
from ui.widgets.prediction import draw_input_image, draw_predicted_class, input_image

# More changes of the prediction than these are counted, not listed.
MAX_SEGMENTS = 12


def draw_history(sample: Sample, run: Run, epoch: int) -> None:
    """Draw a test image's ten probabilities after each epoch that is kept; `epoch` is marked."""
    if sample.split == "train":
        st.info(
            _(
                "Only the predictions for the test images are stored after every epoch. Choose a test image to see "
                "them over the epochs."
            ),
            icon=":material/history:",
        )
        return
    # The store may have a later epoch than `run`.
    logits = resources.desk().store.sample_logits(run.id, sample.index)[: len(run.kept)]
    picture, past = st.columns([1, 2], gap="large")
    with picture:
        draw_input_image(input_image(sample))
        draw_predicted_class(sample, softmax(logits[run.kept.index(epoch)]))
        sentence = history_sentence(predictions(logits), sample.label, run.kept, ended=not run.active)
        st.markdown(sentence)
        if len(run.kept) < len(run.epochs):
            st.caption(_("Of the run's {count} epochs, {kept} are kept.", count=len(run.epochs), kept=len(run.kept)))
    if len(logits) > 1:
        with past:
            history_lines(softmax(logits), run.kept, sample.label, epoch, run.target_epochs, sentence, key="history")


def history_sentence(predicted: np.ndarray, label: int, epochs: tuple[int, ...], ended: bool = False) -> str:
    """Return from which epoch on the predictions (n,) are correct, and the wrong ones, after these n epochs."""
    right = predicted == label
    count, classes = len(predicted), np.unique(predicted)
    if count == 1:
        only = _("Only one epoch is finished; it predicts {name}.", name=class_name(predicted[0]))
        return only if ended else only + " " + _("From the second epoch on, its predictions are drawn here.")
    if right.all():
        return _("Right after all {count} epochs.", count=number(count))
    if len(classes) == 1:
        return _("Never right: {name} is predicted after all {count} epochs.", count=number(count),
                 name=class_name(classes[0]))  # fmt: skip
    first = int(right.argmax())
    if not right.any():
        summary = _("Not right after any of {count} epochs.", count=number(count))
    elif right[first:].all():
        if len(classes) == 2:
            return _("Right from epoch {epoch} on; before, {name} is predicted.", epoch=epochs[first],
                     name=class_name(predicted[0]))  # fmt: skip
        summary = _("Right from epoch {epoch} on.", epoch=epochs[first])
    else:
        summary = ngettext("Right after {count} epoch of {epochs}.", "Right after {count} epochs of {epochs}.",
                           int(right.sum()), epochs=number(count))  # fmt: skip
    return f"{summary} {_segments_sentence(predicted, epochs)}"


def _segments_sentence(predicted: np.ndarray, epochs: tuple[int, ...]) -> str:
    segments = [(class_name(label), len(list(group))) for label, group in groupby(predicted.tolist())]
    if len(segments) > MAX_SEGMENTS:
        return _("The prediction changed {count} times.", count=number(len(segments) - 1))
    epochs_of: dict[str, list[str]] = {}
    first = 0
    for name, length in segments:
        last = first + length - 1
        epochs_of.setdefault(name, []).append(f"{epochs[first]}" if length == 1 else f"{epochs[first]}–{epochs[last]}")
        first = last + 1
    ranges = "; ".join(_("{name} in {epochs}", name=name, epochs=", ".join(parts)) for name, parts in epochs_of.items())
    return _("Predictions by epoch: {answers}.", answers=ranges)
