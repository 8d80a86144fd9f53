"""The live block of Train: the browser follows a run by HTTP; the page is told of its end and of what is pressed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from fmnist.analysis.watched import WATCHED
from fmnist.data.dataset import CLASS_NAMES
from fmnist.runs.record import Run
from ui.api import modules
from ui.components.declaration import declare
from ui.components.training.ending import ending
from ui.components.training.words import words
from ui.i18n.names import class_names, class_plurals, recipe_name
from ui.i18n.text import _, region
from ui.images import data_url, png, sprite
from ui.server.dataset import dataset_loader
from ui.state.domains import index_among

# The modules import each other, which scripts inside Streamlit's messages cannot.
_SCRIPT = """
export default function (component) {
  const block = import(new URL(component.data.module, document.baseURI)).then(({ mount }) => mount(component))
  return () => block.then((close) => close(), () => {})
}
"""
_component = declare(__file__, js=_SCRIPT)

KINDS = ("ended", "stop", "try", "mistakes", "longer", "rate", "open")


@dataclass(frozen=True)
class Expected:
    """Estimates: the usual accuracy, the seconds of the training, those until it starts, and those of the notebook."""

    accuracy: float | None = None
    seconds: float | None = None
    wait: float | None = None
    notebook_seconds: float | None = None


@dataclass(frozen=True)
class Event:
    """What the script tells, one of KINDS. "ended": nothing was pressed, the run has ended since it was drawn."""

    kind: str
    # "open": the index of a test image, and the epoch, None for the newest.
    index: int | None = None
    epoch: int | None = None
    # "longer": how many epochs, and their learning rate, None for that of the epochs before.
    more: int = 0
    rate: float | None = None


def training_block(
    run: Run, expected: Expected, prepare: Callable[[Event | None], None], *, status_only: bool
) -> Event | None:
    """Draw a run from its first batch to its end, or its status alone; return what was pressed, if anything.

    `prepare` is called with it before the next drawing, when widgets can still be set.
    """
    result = ending(run, expected.notebook_seconds)
    sent = _component(
        key="training",
        data={
            "module": modules.address("training/training.js"),
            "address": _address(run),
            "name": _("Run {number}", number=run.number) + f" · {recipe_name(run)}",
            "number": run.number,
            "active": run.active,
            "status_only": status_only,
            "epochs": run.target_epochs,
            "usual": expected.accuracy,
            "seconds": expected.seconds,
            "wait": expected.wait,
            "ending": result and asdict(result),
            "locale": region().replace("_", "-"),
            "words": words(run.recipe),
            "images": _images(),
        },
        on_event_change=lambda: prepare(read_event(st.session_state["training"].get("event"), run)),
    )
    return read_event(sent.event, run)


def _images() -> dict[str, Any]:
    """Return the watched images and the names of their classes; without pixels while there is no data set."""
    dataset = dataset_loader().dataset
    labels = [label for label in range(len(CLASS_NAMES)) for _image in range(2)]
    pixels = None if dataset is None else dataset.test.images[list(WATCHED)]
    return {
        "sprite": None if pixels is None else data_url(png(sprite(pixels, len(WATCHED)))),
        "labels": labels,
        "names": class_names(),
        "plurals": class_plurals(),
    }


def _address(run: Run) -> str:
    return f"api/runs/{run.id}"


def read_event(sent: Any, run: Run) -> Event | None:
    """Return the script's message about the run; a client may send anything, or be late."""
    values = sent if isinstance(sent, dict) else {}
    kind = values.get("kind")
    if kind not in KINDS or values.get("address") != _address(run):
        return None
    if kind == "longer":
        return Event(kind, more=values.get("epochs", 0), rate=values.get("rate"))  # the store checks both
    if kind != "open":
        return Event(kind)
    position = index_among(values.get("image"), len(WATCHED))
    if position is None:
        return None
    return Event(kind, WATCHED[position], _epoch_at(index_among(values.get("moment"), run.target_epochs), run))


def _epoch_at(moment: int | None, run: Run) -> int | None:
    """Return the newest kept epoch at a moment of the replay, before all of them the first; None at its end."""
    if moment is None or not run.kept:
        return None
    return max(epoch for epoch in run.kept if epoch <= max(moment, run.kept[0]))
