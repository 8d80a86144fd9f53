"""A gallery of test images, 25 a page, each of which can be chosen."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import softmax
from fmnist.data.dataset import SplitName
from ui.components.grid.grid import image_grid
from ui.i18n.names import class_name
from ui.i18n.text import _, number, percent
from ui.state.fields import IMAGES_A_GRID
from ui.state.session import session

# The caption of an image and its description for a screen reader, by its index.
Describe = Callable[[int], tuple[str, str]]


def gallery(images: np.ndarray, indices: np.ndarray, describe: Describe, key: str) -> None:
    """Draw test images (10,000, 28, 28) uint8, by their indices in this order; each opens in Predict."""
    chosen = pick_image(images, indices, describe, _("Choose an image to open it in Predict."), key)
    if chosen is not None:
        open_in_predict(chosen)


def open_in_predict(index: int, split: SplitName = "test") -> None:
    """Open an image on Predict."""
    session().choose(source=split, index=index, predict_view="layers")
    st.switch_page("ui/pages/predict.py")


def image_pages(indices: np.ndarray, field: Literal["page", "gallery_page"]) -> np.ndarray:
    """Draw the pagination of images; return the indices of the page in that field of the session."""
    state = session()
    pages = max(1, -(-len(indices) // IMAGES_A_GRID))
    page = min(getattr(state, field), pages)
    setattr(state, field, page)
    first = (page - 1) * IMAGES_A_GRID
    shown = indices[first : first + IMAGES_A_GRID]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(
            _(
                "Images {first}–{last} of {count}.",
                first=number(first + 1),
                last=number(first + len(shown)),
                count=number(len(indices)),
            ),
            width="content",
        )
        if pages > 1:
            st.pagination(pages, **state.bind(field))
    return shown


def pick_image(images: np.ndarray, indices: np.ndarray, describe: Describe, hint: str, key: str) -> int | None:
    """Draw the page `session().gallery_page` of the images; return the index of the chosen one, if any."""
    # Above the images: the pagination stays in place when the last page has fewer.
    shown = image_pages(indices, "gallery_page")
    captions, descriptions = zip(*(describe(int(index)) for index in shown), strict=True)
    opened = image_grid(images[shown], list(captions), list(descriptions), hint, key=key)
    return None if opened is None else int(shown[opened])


def prediction_sentence(index: int, label: int, logits: np.ndarray) -> str:
    """Return a prediction in words: a test image, its label, and the class of the logits (10,)."""
    confidence = softmax(logits)
    predicted = int(confidence.argmax())
    return _(
        "Test image {index}: {true}, predicted {predicted} with {confidence}",
        index=number(index),
        true=class_name(label),
        predicted=class_name(predicted),
        confidence=percent(confidence[predicted], 2),
    )
