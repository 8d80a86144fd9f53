"""Columns, colors and points of every chart. Vega writes numbers as the pages do.

Every chart has a sentence with its result, which is also its alternative text, and shows exact values on hover.
"""

from typing import Any, NamedTuple

import streamlit as st

from fmnist.plots.rendering import MANY_EPOCHS
from ui.i18n.text import _

# By the names of columns; the page shows the translated titles.
Rows = dict[str, list[Any]]


class Colors(NamedTuple):
    """Blue and orange, distinct for color-blind readers, and the color of letters."""

    blue: str
    orange: str
    text: str


def colors() -> Colors:
    """Return the colors of the tab's theme, light or dark."""
    dark = st.context.theme.type == "dark"
    return Colors("#56b4e9", "#ff9d52", "#fafafa") if dark else Colors("#0072b2", "#d55e00", "#31333f")


def epoch_axis(last_epoch: int) -> dict[str, Any]:
    """Return the axis of the epochs from the first to the last, which may not be trained yet."""
    scale = {"domain": [1, max(last_epoch, 2)], "padding": 12, "nice": False}
    axis = {"tickMinStep": 1, "format": "d"}
    return {"field": "epoch", "type": "quantitative", "title": _("Epoch"), "scale": scale, "axis": axis}


def points(last_epoch: int) -> dict[str, Any]:
    """Return the mark of the points of a curve up to `last_epoch`: small where they would overlap."""
    return {"size": 50 if last_epoch <= MANY_EPOCHS else 12, "filled": True}
