"""What one browser tab looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from fmnist.data.dataset import SplitName
from fmnist.errors import FmnistError
from fmnist.layers import LAYERS
from fmnist.recipe import TRAINING_IMAGES
from ui import request
from ui.showing import Showing

Language = Literal["en", "es"]
# What Evaluate shows of a network, what its matrix says in a cell, what Predict shows of an image, how the map is made,
# of which disagreements Compare shows the images.
View = Literal["matrix", "mistakes", "confidence"]
Cells = Literal["counts", "shares"]
Look = Literal["answer", "why", "epochs"]
Projection = Literal["pca", "tsne"]
Over = Literal["epochs", "seconds"]
Which = Literal["all", "first", "second", "neither"]
LAYER_NAMES = tuple(layer.name for layer in LAYERS)

SPLIT_SIZES: dict[str, int] = {"train": TRAINING_IMAGES, "test": 10_000}
IMAGES_A_GRID = 25


@dataclass
class Session:
    """The state of one tab. A field at its default is left out of the URL."""

    # None: as the browser asks.
    language: Language | None = None
    # The Data page: which images, in which order, which 25 of them.
    split: SplitName = "train"
    label: int | None = None
    seed: int | None = None
    page: int = 1
    # The run that Train shows and Predict asks; None: the newest. Others in the same chart.
    run: str | None = None
    compare: tuple[str, ...] = ()
    # What the curves of several runs are drawn over.
    over: Over = "epochs"
    # The finished epoch that answers; None: the newest.
    epoch: int | None = None
    # The sample on Predict; 169 is the notebook's.
    sample_split: SplitName = "test"
    index: int = 169
    look: Look = "answer"
    # A picture of one's own, as the network sees it: 28 × 28 greys as `fmnist.inference.picture` writes them.
    picture: str | None = None
    # The layer whose outputs are drawn, and the class that is explained; None: the predicted one.
    layer: str = LAYER_NAMES[0]
    asked_class: int | None = None
    # The Evaluate page: a cell of the matrix or a pair of classes, and which 25 of their images.
    view: View = "matrix"
    cells: Cells = "counts"
    true: int | None = None
    predicted: int | None = None
    gallery_page: int = 1
    # Answers below this confidence are not given.
    above: float = 0.0
    # The Map page.
    projection: Projection = "pca"
    # The second network on Compare; None: another run, at its newest epoch, or the same run after its first one. Which
    # disagreements are shown, by who is right.
    other: str | None = None
    other_epoch: int | None = None
    which: Which = "all"
    # What the URL asked for and cannot be had.
    complaints: list[FmnistError] = field(default_factory=list)
    # By the key of every bound widget.
    shown: dict[str, Showing] = field(default_factory=dict)
    # What every label meant that a widget of options has had, by its key.
    meanings: dict[str, dict[str, Any]] = field(default_factory=dict)

    def bind(self, name: str, by: str = "choose", *, usual: Any = None, steps: bool = False) -> dict[str, Any]:
        """Arguments that tie a widget to a field: a change of the widget changes the field.

        Shown is the field, and `usual` while it is None. A widget of quick `steps`, a slider, is not drawn over where
        the value was chosen in the browser: the next step may be on its way. Others are: they send their labels, of
        which the browser must know the newest.
        """
        key = f"{by}_{name}"
        value = getattr(self, name)
        value = usual if value is None else value
        self.shown[key] = self.shown.get(key, Showing(value)).then(value)
        chosen = self.shown[key].chosen and key in st.session_state and st.session_state[key] == value
        if not (steps and chosen):
            st.session_state[key] = value
        return {"key": key, "on_change": self._take, "args": (name, key)}

    def bind_options(self, name: str, labels: Mapping[Any, str], *, usual: Any = None) -> dict[str, Any]:
        """The same for a choice among options, which sends their labels, maybe as they were before the last drawing."""
        bound = self.bind(name, usual=usual)
        self.meanings.setdefault(bound["key"], {}).update({label: option for option, label in labels.items()})
        return bound | {"options": list(labels), "format_func": labels.__getitem__}

    def _take(self, name: str, key: str) -> None:
        # What is sent before the browser has drawn the last choice names what its widgets showed before; the next
        # request names what they show now. Streamlit takes both for changes, and neither is a choice.
        value = self._meant(key, st.session_state[key])
        if not (self.shown[key].echoes(value) or request.from_elsewhere()):
            self.shown[key] = Showing(value, chosen=True)
            self.choose(**{name: value})

    def _meant(self, key: str, sent: Any) -> Any:
        """What is sent, as options; Streamlit hands on a label as it is when no option has it any more."""
        if isinstance(sent, list):
            return tuple(self._meant(key, each) for each in sent)
        return self.meanings.get(key, {}).get(sent, sent)

    def choose(self, **values: Any) -> None:
        """Look at something else; other images begin at their first page, another run at its newest epoch."""
        self.complaints = []
        if values.keys() & {"split", "label", "seed"}:
            self.page = 1
        if values.keys() & {"run", "epoch", "view", "true", "predicted", "other", "other_epoch", "which"}:
            self.gallery_page = 1
        if values.get("other", self.other) != self.other:
            self.other_epoch = None
        if values.get("run", self.run) != self.run:
            self.epoch = None
        for name, value in values.items():
            setattr(self, name, _kept(value))


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def session() -> Session:
    """The session of the tab that is being drawn."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]
