"""The state of one browser tab."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from fmnist.data.dataset import SPLIT_SIZES, SplitName
from fmnist.errors import FmnistError
from fmnist.plots.rendering import Curves
from ui.state.binding import WidgetBinding, as_tuple
from ui.state.fields import (
    DOMAINS,
    CellValues,
    DisagreementFilter,
    EvaluateView,
    Language,
    PredictView,
    Projection,
    Source,
    TrainView,
    XAxis,
)

# A change of one of them changes the images of the gallery.
_GALLERY_FIELDS = {
    "run", "epoch", "evaluate_view", "true", "predicted", "other", "other_epoch", "disagreement_filter",
}  # fmt: skip


@dataclass
class Session(WidgetBinding):
    """The state of one tab. A field at its default is left out of the URL."""

    # None: the browser's language.
    language: Language | None = None
    # Data: the split, a class or all, the seed of the order (None: as in the file), 25 images a page.
    split: SplitName = "train"
    label: int | None = None
    seed: int | None = None
    page: int = 1
    # The run that every page shows; None: the newest of this tab, else the included one. Other runs in the chart of
    # Train, and the chart's x axis.
    run: str | None = None
    train_view: TrainView = "training"
    compare: tuple[str, ...] = ()
    x_axis: XAxis = "epochs"
    # The epoch of the network; None: the newest.
    epoch: int | None = None
    # The image on Predict: a sample by its index, 169 is the notebook's; or a picture of the visitor's.
    source: Source = "test"
    index: int = 169
    # 28 × 28 greys that the data set does not have, as `fmnist.inference.preprocessing` writes them.
    picture: str | None = None
    # The visitor's photo and drawing, each while another source is chosen.
    pictures: dict[Source, str | None] = field(default_factory=dict, compare=False)
    predict_view: PredictView = "layers"
    # The layer that is open, and the class that is explained; None: the predicted one.
    layer: str | None = None
    explained_class: int | None = None
    # Evaluate: a cell of the matrix or a pair of classes, 25 of their images a page.
    evaluate_view: EvaluateView = "matrix"
    cell_values: CellValues = "counts"
    true: int | None = None
    predicted: int | None = None
    gallery_page: int = 1
    # Selective prediction: the lowest confidence that is accepted.
    threshold: float = 0.0
    projection: Projection = "pca"
    # The second network on Compare; None: another run at its newest epoch, or the same run at its first one.
    other: str | None = None
    other_epoch: int | None = None
    disagreement_filter: DisagreementFilter = "all"
    # The chart of accuracies as it was drawn last.
    curves: Curves | None = None
    # The runs submitted in this tab, and the last one until its result was looked at.
    submitted: tuple[str, ...] = ()
    trained: str | None = None
    # The run that was asked for and has no finished epoch yet: it is shown once it has.
    awaited: str | None = None
    # The id and the number of the run deleted last in this tab.
    deleted: tuple[str, int] | None = None
    # The seed of the images on Start, and how often others were wanted.
    visit: int = field(default_factory=lambda: secrets.randbits(32), compare=False)
    round: int = 0
    # Why parameters of the URL were refused.
    url_errors: list[FmnistError] = field(default_factory=list)

    @property
    def sample_split(self) -> SplitName:
        """Return the split of the sample on Predict; the test images for a picture of the visitor's."""
        return "train" if self.source == "train" else "test"

    def allows(self, name: str, value: Any) -> bool:
        """Return whether a field may have a value. A client can send anything, of any type."""
        return (value is None and getattr(Session, name) is None) or value in DOMAINS[name]

    def choose(self, **values: Any) -> None:
        """Set fields; a new set of images starts at its first page, a new run at its newest epoch.

        The visitor's photo and drawing are there again when their source is chosen again.
        """
        self.url_errors = []
        if values.keys() & {"split", "label", "seed"}:
            self.page = 1
        if values.keys() & _GALLERY_FIELDS:
            self.gallery_page = 1
        if values.get("other", self.other) != self.other:
            self.other_epoch = None
        if values.get("source", self.source) != self.source:
            if self.source in ("photo", "draw"):
                self.pictures[self.source] = self.picture
            self.picture = self.pictures.get(values["source"])
        elif values.keys() & {"source", "index"}:
            self.picture = None
        if values.get("run", self.run) != self.run:
            self.epoch = self.awaited = None
        for name, value in values.items():
            if not self.allows(name, as_tuple(value)):
                raise ValueError(f"{name} cannot be {value!r}")
            setattr(self, name, as_tuple(value))
        if self.index >= SPLIT_SIZES[self.sample_split]:
            self.index = Session.index


def session() -> Session:
    """Return the session of the tab that is being drawn."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]
