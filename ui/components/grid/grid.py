"""A grid of images that open by click and by keyboard: one sprite, a button for each image."""

from pathlib import Path

import numpy as np
import streamlit as st

from ui.images import data_url, png, sprite
from ui.state.domains import index_among

COLUMNS = 5

_FOLDER = Path(__file__).parent
_component = st.components.v2.component(
    "fmnist_grid",
    html='<div class="grid" role="group"></div>\n<p class="hint"></p>',
    css=(_FOLDER / "grid.css").read_text(),
    js=(_FOLDER / "grid.js").read_text(),
)


def image_grid(images: np.ndarray, captions: list[str], descriptions: list[str], hint: str, key: str) -> int | None:
    """Draw images (n, 28, 28) uint8; return the position of the image that was opened, else None."""
    result = _component(
        key=key,
        data={
            "sprite": data_url(png(sprite(images, COLUMNS))),
            "columns": COLUMNS,
            "rows": -(-len(images) // COLUMNS),
            # Tuples: for a list, Streamlit imports pandas, to find out whether it is a table.
            "captions": tuple(captions),
            "descriptions": tuple(descriptions),
            "hint": hint,
        },
        on_open_change=lambda: None,
    )
    return index_among(result.open, len(images))
