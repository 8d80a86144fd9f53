"""The test images that two networks predict differently, and both predictions of one of them."""

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import predictions, softmax
from fmnist.analysis.significance import disagreements
from fmnist.data.dataset import Dataset
from ui.i18n.names import class_name
from ui.i18n.text import _, number
from ui.state.fields import DisagreementFilter
from ui.state.session import session
from ui.views.comparison.two_predictions import draw_two_predictions
from ui.widgets.gallery import pick_image


def draw_disagreements(dataset: Dataset, first_logits: np.ndarray, second_logits: np.ndarray) -> None:
    """Draw the images, and beside them both predictions of the chosen one; logits (10,000, 10) each."""
    state = session()
    labels = dataset.test.labels
    groups = group_disagreements(first_logits, second_logits, labels)
    st.header(_("Where they disagree"))
    st.write(
        _(
            "A and B predict different classes for **{count}** of the {total} test images. Those with the highest "
            "confidences of both come first.",
            count=number(len(groups["all"])),
            total=number(len(labels)),
        )
        if len(groups["all"])
        else _("A and B predict the same class for all {total} test images.", total=number(len(labels)))
    )
    _pick_group(groups)
    images, both = st.columns(2, gap="large")
    with images:
        indices = groups[state.disagreement_filter]
        if len(indices):
            predicted = predictions(first_logits), predictions(second_logits)

            def describe(index: int) -> tuple[str, str]:
                return _describe(index, int(labels[index]), int(predicted[0][index]), int(predicted[1][index]))

            hint = _("Choose an image to see both predictions.")
            chosen = pick_image(dataset.test.images, indices, describe, hint, key="disagreements")
            if chosen is not None:
                state.choose(index=chosen)
        else:
            st.info(_("There is no such image."), icon=":material/hide_image:")
    with both:
        sample = dataset.sample("test", state.index)
        draw_two_predictions(sample, first_logits[sample.index], second_logits[sample.index])


def group_disagreements(
    first_logits: np.ndarray, second_logits: np.ndarray, labels: np.ndarray
) -> dict[DisagreementFilter, np.ndarray]:
    """Return the indices of the disagreements by the network that is correct, the most confident ones first."""
    indices = disagreements(first_logits, second_logits)
    confidences = [softmax(logits[indices]).max(axis=1) for logits in (first_logits, second_logits)]
    indices = indices[np.argsort(-np.minimum(*confidences), kind="stable")]
    first, second = (predictions(logits[indices]) == labels[indices] for logits in (first_logits, second_logits))
    return {
        "all": indices,
        "first": indices[first],
        "second": indices[second],
        "neither": indices[~first & ~second],
    }


def _pick_group(groups: dict[DisagreementFilter, np.ndarray]) -> None:
    names: dict[DisagreementFilter, str] = {
        "all": _("All"),
        "first": _("Only A is right"),
        "second": _("Only B is right"),
        "neither": _("Both are wrong"),
    }
    labels = {group: f"{names[group]}: {number(len(indices))}" for group, indices in groups.items()}
    st.segmented_control(_("Images"), required=True, **session().bind_options("disagreement_filter", labels))


def _describe(index: int, label: int, first: int, second: int) -> tuple[str, str]:
    true, networks = class_name(label), {"A": first, "B": second}
    # No line break between a letter and its sign in a narrow window.
    lines = [
        f"{network}\N{NO-BREAK SPACE}✓"
        if predicted == label
        else f"{network}\N{NO-BREAK SPACE}✗ {class_name(predicted)}"
        for network, predicted in networks.items()
    ]
    description = _(
        "Test image {index}: {true}. A predicts {first}, B predicts {second}.",
        index=number(index),
        true=true,
        first=class_name(first),
        second=class_name(second),
    )
    return "\n".join([true, *lines]), description
