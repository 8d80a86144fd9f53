"""What one browser tab looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import streamlit as st

from fmnist.architecture import LAYERS
from fmnist.data.dataset import CLASS_NAMES, SplitName
from fmnist.errors import FmnistError
from fmnist.plots.rendering import Curves
from fmnist.recipe import LIMITS, TRAINING_IMAGES
from ui.state import request
from ui.state.domains import Domain, Fraction, OneOf, Several, Text, Whole
from ui.state.widget_value import WidgetValue

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
# Beside the run that is shown: the theme has six colours for curves.
MAX_COMPARED = 5

_CLASS = Whole(0, len(CLASS_NAMES) - 1)
_EPOCH = Whole(1, int(LIMITS["epochs"][1]))
# What each field may be; None, too, where that is its default.
DOMAINS: dict[str, Domain] = {
    "language": OneOf(get_args(Language)),
    "split": OneOf(get_args(SplitName)),
    "label": _CLASS,
    "seed": Whole(0, int(LIMITS["seed"][1])),
    "page": Whole(1, TRAINING_IMAGES // IMAGES_A_GRID),
    "run": Text(),
    "compare": Several(Text(), MAX_COMPARED),
    "over": OneOf(get_args(Over)),
    "epoch": _EPOCH,
    "sample_split": OneOf(get_args(SplitName)),
    "index": Whole(0, TRAINING_IMAGES - 1),
    "look": OneOf(get_args(Look)),
    "picture": Text(),
    "layer": OneOf(LAYER_NAMES),
    "explained_class": _CLASS,
    "view": OneOf(get_args(View)),
    "cells": OneOf(get_args(Cells)),
    "true": _CLASS,
    "predicted": _CLASS,
    "gallery_page": Whole(1, SPLIT_SIZES["test"] // IMAGES_A_GRID),
    "above": Fraction(),
    "projection": OneOf(get_args(Projection)),
    "other": Text(),
    "other_epoch": _EPOCH,
    "which": OneOf(get_args(Which)),
}


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
    # A picture of one's own, as the network sees it: 28 × 28 greys as `fmnist.inference.preprocessing` writes them.
    picture: str | None = None
    # The layer whose outputs are drawn, and the class that is explained; None: the predicted one.
    layer: str = LAYER_NAMES[0]
    explained_class: int | None = None
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
    # The chart of accuracies as Train drew it last.
    curves: Curves | None = None
    # How many runs were submitted here.
    submissions: int = 0
    # Why parameters of the URL were refused.
    url_errors: list[FmnistError] = field(default_factory=list)
    # By the key of every bound widget.
    widget_values: dict[str, WidgetValue] = field(default_factory=dict)
    # What every label meant that a widget of options has had, by its key.
    option_labels: dict[str, dict[str, Any]] = field(default_factory=dict)

    def bind(self, name: str, by: str = "choose", *, default: Any = None, steps: bool = False) -> dict[str, Any]:
        """Arguments that tie a widget to a field: a change of the widget changes the field.

        Shown is the field, and `default` while it is None. A widget of quick `steps`, a slider, is not drawn over where
        the value was chosen in the browser: the next step may be on its way. Others are: they send their labels, of
        which the browser must know the newest.
        """
        key = f"{by}_{name}"
        value = getattr(self, name)
        value = default if value is None else value
        self.widget_values[key] = self.widget_values.get(key, WidgetValue(value)).redrawn(value)
        chosen = self.widget_values[key].chosen and key in st.session_state and st.session_state[key] == value
        if not (steps and chosen):
            st.session_state[key] = value
        return {"key": key, "on_change": self._take, "args": (name, key)}

    def bind_options(self, name: str, labels: Mapping[Any, str], *, default: Any = None) -> dict[str, Any]:
        """The same for a choice among options, which sends their labels, maybe as they were before the last drawing."""
        bound = self.bind(name, default=default)
        self.option_labels.setdefault(bound["key"], {}).update({label: option for option, label in labels.items()})
        return bound | {"options": list(labels), "format_func": labels.__getitem__}

    def _take(self, name: str, key: str) -> None:
        # What is sent before the browser has drawn the last choice names what its widgets showed before; the next
        # request names what they show now. Streamlit takes both for changes, and neither is a choice.
        value = _kept(self._meant(key, st.session_state[key]))
        if not self.allows(name, value):
            return  # no browser sends it; the next drawing shows the field as it is
        if not (self.widget_values[key].is_echo(value) or request.from_elsewhere()):
            self.widget_values[key] = WidgetValue(value, chosen=True)
            self.choose(**{name: value})

    def _meant(self, key: str, sent: Any) -> Any:
        """What is sent, as options; Streamlit hands on a label as it is when no option has it any more."""
        if isinstance(sent, list):
            return tuple(self._meant(key, each) for each in sent)
        options = self.option_labels.get(key, {})
        return options.get(sent, sent) if isinstance(sent, str) else sent

    def allows(self, name: str, value: Any) -> bool:
        """Whether a field may have a value. A client can send anything, of any type."""
        return (value is None and getattr(Session, name) is None) or value in DOMAINS[name]

    def choose(self, **values: Any) -> None:
        """Look at something else; other images begin at their first page, another run at its newest epoch."""
        self.url_errors = []
        if values.keys() & {"split", "label", "seed"}:
            self.page = 1
        if values.keys() & {"run", "epoch", "view", "true", "predicted", "other", "other_epoch", "which"}:
            self.gallery_page = 1
        if values.get("other", self.other) != self.other:
            self.other_epoch = None
        if values.get("run", self.run) != self.run:
            self.epoch = None
        for name, value in values.items():
            if not self.allows(name, _kept(value)):
                raise ValueError(f"{name} cannot be {value!r}")
            setattr(self, name, _kept(value))
        if self.index >= SPLIT_SIZES[self.sample_split]:
            self.index = Session.index


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def session() -> Session:
    """The session of the tab that is being drawn."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]
