"""Where the test images lie in two dimensions, and what that says in words."""

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import confusion_matrix
from fmnist.runs.record import Run
from ui.computing import draw_computed
from ui.session import session
from ui.text import _, ngettext, percent
from ui.widgets import class_name


def pick_projection() -> None:
    """Choose how 54 numbers become two."""
    names = {"pca": _("Main directions (PCA)"), "tsne": _("Neighbours (t-SNE)")}
    st.segmented_control(_("How the map is made"), required=True, **session().bind_options("projection", names))


def draw_projection(run: Run) -> tuple[np.ndarray, str] | None:
    """The test images' points, float32 (10,000, 2), by the chosen projection, and a sentence on how to read them.

    While they are not computed, the page says why and offers a way to them.
    """
    return _by_neighbours(run) if session().projection == "tsne" else _by_directions(run)


def _by_directions(run: Run) -> tuple[np.ndarray, str] | None:
    computed = draw_computed(run, "directions", _("Make the map"))
    if computed is None:
        return None
    kept = computed["shares"].sum()
    if np.isnan(kept):
        return computed["points"], _("This network finds all images alike; they lie in one place.")
    sentence = _(
        "The network makes 54 numbers of each image; the two directions of this map keep {share} of their variance.",
        share=percent(kept, 0),
    )
    return computed["points"], sentence


def _by_neighbours(run: Run) -> tuple[np.ndarray, str] | None:
    sentence = _(
        "t-SNE keeps neighbours together: what lies in one group is alike, while the distances between groups and "
        "their sizes mean little."
    )
    computed = draw_computed(run, "map", _("Make the t-SNE map"))
    if computed is None:
        st.caption(sentence + " " + _("It is computed once for each network, in about half a minute."))
        return None
    return computed["points"], sentence


def confusion_sentence(labels: np.ndarray, predicted: np.ndarray) -> str:
    """Which two classes are taken for each other most often, by labels and predicted classes (n,)."""
    matrix = confusion_matrix(labels, predicted)
    pairs = np.triu(matrix + matrix.T, k=1)
    first, second = np.unravel_index(pairs.argmax(), pairs.shape)
    if not pairs.any():
        return _("No image is taken for one of another class.")
    return ngettext(
        "The two classes that are most often taken for each other are {first} and {second}: {count} image.",
        "The two classes that are most often taken for each other are {first} and {second}: {count} images.",
        int(pairs.max()),
        first=class_name(int(first)),
        second=class_name(int(second)),
    )
