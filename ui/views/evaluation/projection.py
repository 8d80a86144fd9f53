"""The projection of the test images' embeddings to two dimensions, and its meaning in words."""

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import confusion_matrix
from fmnist.analysis.neighbors import agreement
from fmnist.runs.record import Run
from ui.i18n.names import class_name
from ui.i18n.text import _, ngettext, number, percent
from ui.state.session import session
from ui.widgets.job import draw_job


def pick_projection() -> None:
    """Choose the projection of 54 numbers to two."""
    names = {"pca": _("PCA (principal components)"), "tsne": _("t-SNE (neighborhoods)")}
    st.segmented_control(
        _("Projection"), label_visibility="collapsed", required=True, **session().bind_options("projection", names)
    )


# Fewer distinct points than these are no map of 10,000 images.
MIN_POINTS = 100
# With a lower share of nearest neighbors of the same class, distances on the map mean little.
MIN_AGREEMENT = 0.5


def draw_projection(run: Run, labels: np.ndarray) -> tuple[np.ndarray, str] | None:
    """Return the test images' points, float32 (10,000, 2), by the chosen projection, and a sentence on their meaning.

    Return None, and draw the reason, while they are not computed or where all points are equal.
    """
    if session().projection == "tsne":
        computed = draw_job(run, "tsne", _("Compute the t-SNE map"))
        if computed is None:
            st.caption(_("It is computed once for each network, in about half a minute."))
            return None
    else:
        computed = draw_job(run, "pca", _("Compute the map"))
        if computed is None:
            return None
    points = computed["points"]
    dots = len(np.unique(points, axis=0))
    if dots == 1:
        st.info(
            _("All images have the same 54 values in this network; they lie on one point."), icon=":material/adjust:"
        )
        return None
    return points, map_sentence(computed, dots, agreement(points, labels))


def map_sentence(computed: dict[str, np.ndarray], dots: int, agreeing: float) -> str:
    """Return the meaning of a map with distinct `dots`; `agreeing` is the share of neighbors of the same class."""
    if dots < MIN_POINTS:
        return _("The network separates few images: all of them lie on {count} dots.", count=number(dots))
    share = percent(agreeing, 0)
    if agreeing < MIN_AGREEMENT:
        near = _("Near dots are hardly alike on this map: the nearest neighbor is of the same class for only "
                 "{share} of the images, and 10% would be chance.", share=share)  # fmt: skip
    else:
        near = _("For {share} of the images, the nearest neighbor is of the same class.", share=share)
    if "explained_variance_ratio" in computed:
        kept = percent(computed["explained_variance_ratio"].sum(), 0)
        method = _("The last hidden layer has 54 values per image; the two components of this map keep {share} of "
                   "their variance.", share=kept)  # fmt: skip
    else:
        method = _("On a t-SNE map the distances between groups and their sizes mean little.")
    return f"{near} {method}"


def confusion_sentence(labels: np.ndarray, predicted: np.ndarray) -> str:
    """Return the two classes that are most often confused, by labels and predicted classes (n,)."""
    matrix = confusion_matrix(labels, predicted)
    pairs = np.triu(matrix + matrix.T, k=1)
    first, second = np.unravel_index(pairs.argmax(), pairs.shape)
    if not pairs.any():
        return _("No image is confused with another class.")
    if (pairs == pairs.max()).sum() > 1:
        return _("No two classes are confused more often than all others.")
    return ngettext(
        "The two classes most often confused are {first} and {second}: {count} image.",
        "The two classes most often confused are {first} and {second}: {count} images.",
        int(pairs.max()),
        first=class_name(int(first)),
        second=class_name(int(second)),
    )
