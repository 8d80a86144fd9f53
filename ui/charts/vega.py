"""What all charts share: a dict that Vega-Lite reads, and two colors. Vega writes numbers as the pages do.

Every chart says its point in a sentence, which is also its text for those who cannot see it, and shows exact values
on hover.
"""

from typing import Any, NamedTuple

import streamlit as st

# More points than these run into each other.
MANY_EPOCHS = 40

# Names of columns; the person sees the translated titles.
Rows = dict[str, list[Any]]


class Colors(NamedTuple):
    """Blue and orange stay apart for color-blind eyes; `text` is for marks that are letters."""

    blue: str
    orange: str
    text: str


def colors() -> Colors:
    """The colors for the tab's theme, light or dark."""
    dark = st.context.theme.type == "dark"
    return Colors("#56b4e9", "#ff9d52", "#fafafa") if dark else Colors("#0072b2", "#d55e00", "#31333f")


def points(last_epoch: int) -> dict[str, Any]:
    """The points of curves over so many epochs: small where they would lie on one another."""
    return {"size": 50 if last_epoch <= MANY_EPOCHS else 12, "filled": True}
