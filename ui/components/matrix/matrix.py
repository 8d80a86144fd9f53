"""A confusion matrix whose cells open their images by click and by keyboard: buttons in a grid."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import normalize_rows
from ui.components.declaration import declare
from ui.i18n.names import class_names
from ui.i18n.text import _, fixed, ngettext, number, percent
from ui.state.domains import index_among
from ui.state.fields import CellValues

_component = declare(__file__, html='<div class="matrix"><table role="grid"></table></div>')


def matrix_of_buttons(
    matrix: np.ndarray, cell_values: CellValues, chosen: tuple[int, int], choose: Callable[[int, int], None], key: str
) -> None:
    """Draw a confusion matrix int64 (10, 10), as counts or as percentages of the rows, one cell chosen.

    `choose` is called with the true and the predicted class of a cell that a person opens, before the next drawing.
    """
    names = class_names()
    shares, descriptions = normalize_rows(matrix), _descriptions(matrix, names)

    def on_cell_change() -> None:
        cell = index_among(st.session_state[key].get("cell"), matrix.size)
        if cell is not None:
            choose(*divmod(cell, len(names)))

    _component(
        key=key,
        data={
            "title": _("Confusion matrix"),
            "down": _("True class"),
            "across": _("Predicted class"),
            "names": names,
            "texts": [fixed(100 * share, 1) for share in shares.flat]
            if cell_values == "normalized"
            else _counts(matrix),
            "descriptions": _with_shares(descriptions, shares) if cell_values == "normalized" else descriptions,
            # The square root separates a few images from none; a share has one color in every epoch.
            "strengths": np.sqrt(shares).round(3).ravel().tolist(),
            "chosen": len(names) * chosen[0] + chosen[1],
        },
        on_cell_change=on_cell_change,
    )


def _counts(matrix: np.ndarray) -> list[str]:
    return [number(int(count)) for count in matrix.flat]


def _descriptions(matrix: np.ndarray, names: list[str]) -> list[str]:
    return [
        ngettext(
            "true {true}, predicted {predicted}: {count} image",
            "true {true}, predicted {predicted}: {count} images",
            int(matrix[true, predicted]),
            true=names[true],
            predicted=names[predicted],
        )
        for true, predicted in np.ndindex(matrix.shape)
    ]


def _with_shares(descriptions: list[str], shares: np.ndarray) -> list[str]:
    """Return the descriptions with the percentage of the cell."""
    return [
        _("{cell}, {share} of the class", cell=cell, share=percent(share))
        for cell, share in zip(descriptions, shares.flat, strict=True)
    ]
