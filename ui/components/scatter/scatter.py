"""A scatter plot of the test images, moved, zoomed and searched in the browser by mouse and by keyboard."""

import base64
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from fmnist.data.dataset import CLASS_NAMES
from ui.components.declaration import declare
from ui.i18n.names import class_names
from ui.i18n.text import _
from ui.state.domains import index_among
from ui.state.session import session

# Okabe and Ito's colors and four more. Classes that overlap on a map, tops among tops and shoes among shoes, have the
# most distinct ones; no class depends on its color alone, as its name is written in its middle.
LIGHT = ("#0072b2", "#7a7a7a", "#d55e00", "#cc79a7", "#009e73", "#56b4e9", "#e69f00", "#6a3d9a", "#8c6d31", "#8b1e3f")
DARK = ("#4aa3df", "#a8a8a8", "#ff8a47", "#e9a0c8", "#2fc796", "#9ad8ff", "#f5c445", "#b08ae0", "#c2a368", "#ff8fa0")

_component = declare(__file__, "scatter_view", "scatter_painting", "scatter")


class MapSelection(NamedTuple):
    """The index of the selected image, and of the image that was opened in this script run, if any."""

    selected: int
    opened: int | None


def scatter(points: np.ndarray, labels: np.ndarray, predicted: np.ndarray, sentence: str, key: str) -> MapSelection:
    """Draw points (n, 2) float of test images with labels and predicted classes (n,); `sentence` is their text.

    Until a person points at an image, the image of Predict is selected.
    """
    first = session().index if session().sample_split == "test" else type(session()).index
    # Independent of the selection: the browser receives it once.
    data = {**_packed(points, labels, predicted), **_labels(), "sentence": sentence, "first": first}
    result = _component(key=key, data=data, on_selected_change=lambda: None, on_open_change=lambda: None)
    selected = index_among(result.selected, len(points))
    return MapSelection(first if selected is None else selected, index_among(result.open, len(points)))


def _packed(points: np.ndarray, labels: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    """Return the points as base64, six bytes each: x and y from 0 to 65,535, label, predicted class."""
    least = points.min(axis=0)
    span = float((points.max(axis=0) - least).max()) or 1.0
    places = np.rint((points - least) * (65_535 / span)).astype("<u2")
    columns = (*places.T, labels.astype("u1"), predicted.astype("u1"))
    packed = base64.b64encode(b"".join(column.tobytes() for column in columns)).decode()
    middles = [np.median(places[labels == label], axis=0).tolist() for label in range(len(CLASS_NAMES))]
    return {"points": packed, "count": len(points), "middles": middles}


def _labels() -> dict[str, Any]:
    return {
        "colors": DARK if st.context.theme.type == "dark" else LIGHT,
        "names": class_names(),
        "classes": _("Show one class"),
        "only_misclassified": _("Only mistakes"),
        "closer": _("Zoom in"),
        "wider": _("Zoom out"),
        "whole": _("Show the whole map"),
        "right": _("Test image {index}: {true}, predicted correctly"),
        "wrong": _("Test image {index}: {true}, predicted {predicted}"),
        "hint": _(
            "Point at a dot to see its image, click it to open it in Predict. Zoom with + and −, or with Ctrl and "
            "the wheel; drag to move. On the keyboard: arrows and Enter."
        ),
    }
