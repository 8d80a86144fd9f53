"""Since when the network gives its answer to an image: what it said after each epoch."""

from itertools import groupby

import numpy as np
import streamlit as st

from fmnist.analysis.evaluation import predictions, softmax
from fmnist.data.dataset import Sample
from fmnist.runs.record import Run
from ui import resources
from ui.answer import draw_picture, draw_verdict
from ui.charts.history import history_lines
from ui.text import _, ngettext, number
from ui.widgets import class_name

# More stretches of epochs are counted, not listed.
MOST_STRETCHES = 12


def draw_history(sample: Sample, run: Run, epoch: int) -> None:
    """A test image's ten probabilities after every finished epoch; `epoch` is marked."""
    if sample.split == "train":
        st.info(
            _("Only the answers to the test images are kept after every epoch. Choose a test image to see its past."),
            icon=":material/history:",
        )
        return
    logits = resources.desk().store.sample_logits(run.id, sample.index)
    epoch = min(epoch, len(logits))
    picture, past = st.columns([1, 2], gap="large")
    with picture:
        draw_picture(sample)
        draw_verdict(sample, softmax(logits[epoch - 1]))
        sentence = history_sentence(predictions(logits), sample.label)
        st.markdown(sentence)
    if len(logits) > 1:
        with past:
            history_lines(softmax(logits), sample.label, epoch, run.target_epochs, sentence, key="history")


def history_sentence(predicted: np.ndarray, label: int) -> str:
    """Since when the answers (epochs,) to an image are right, and what they were otherwise."""
    right = predicted == label
    epochs, answers = len(predicted), np.unique(predicted)
    if epochs == 1:
        only = _("Only one epoch is finished; after it, the network said {name}.", name=class_name(predicted[0]))
        return only + " " + _("From the second one on, you see here how its answers change.")
    if right.all():
        return _("Right in all {count} epochs.", count=number(epochs))
    if len(answers) == 1:
        return _("Never right: after all {count} epochs it said {name}.", count=number(epochs),
                 name=class_name(answers[0]))  # fmt: skip
    first = int(right.argmax())
    if not right.any():
        summary = _("Not right after any of {count} epochs.", count=number(epochs))
    elif right[first:].all():
        if len(answers) == 2:
            return _("Right since epoch {epoch}; before, it said {name}.", epoch=first + 1,
                     name=class_name(predicted[0]))  # fmt: skip
        summary = _("Right since epoch {epoch}.", epoch=first + 1)
    else:
        summary = ngettext("Right after {count} epoch of {epochs}.", "Right after {count} epochs of {epochs}.",
                           int(right.sum()), epochs=number(epochs))  # fmt: skip
    return f"{summary} {_answers_sentence(predicted)}"


def _answers_sentence(predicted: np.ndarray) -> str:
    stretches = [(class_name(label), len(list(group))) for label, group in groupby(predicted.tolist())]
    if len(stretches) > MOST_STRETCHES:
        return _("It changed its answer {count} times.", count=number(len(stretches) - 1))
    spoken: dict[str, list[str]] = {}
    first = 1
    for name, length in stretches:
        last = first + length - 1
        spoken.setdefault(name, []).append(f"{first}" if length == 1 else f"{first}–{last}")
        first = last + 1
    said = "; ".join(_("{name} in {epochs}", name=name, epochs=", ".join(parts)) for name, parts in spoken.items())
    return _("It said {answers}.", answers=said)
