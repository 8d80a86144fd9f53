"""A grid of images that open by click and by keyboard: one sprite, a button for each image."""

import numpy as np

from ui.components.declaration import declare
from ui.images import data_url, png, sprite
from ui.state.domains import index_among

COLUMNS = 5

_component = declare(__file__, html='<div class="grid" role="group"></div>\n<p class="hint"></p>')


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
