"""The choice of a sample."""

import random

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import misclassified
from fmnist.data.dataset import SPLIT_SIZES, Dataset
from fmnist.inference import preprocessing
from fmnist.runs.record import Run
from ui.i18n.text import _, number
from ui.server import resources
from ui.state.session import session


def pick_sample(dataset: Dataset, run: Run, epoch: int) -> None:
    """Draw the choice of the session's sample by index, at random, or among the misclassified ones."""
    state = session()
    last = SPLIT_SIZES[state.sample_split] - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(_("Image"), 0, last, format="localized", **state.bind("index", steps=True))
        label = _("Index (0–{last})", last=number(last))
        st.number_input(label, 0, last, width=140, **state.bind("index", by="type"))
        # Callbacks: a click during a rerun of the whole page cannot rerun the fragment alone.
        at_random = {"index": random.randint(0, last)}
        st.button(_("Random"), icon=":material/casino:", on_click=state.choose, kwargs=at_random)
        if state.sample_split == "train":
            first = {"sample_split": "test", "index": type(state).index}
            st.button(_("Back to the test images"), icon=":material/undo:", on_click=state.choose, kwargs=first)
        else:
            st.button(
                _("Next mistake"),
                icon=":material/rule:",
                on_click=_next_misclassified,
                args=(dataset.test.labels, run.id, epoch),
            )
        if st.button(_("Draw on it"), icon=":material/brush:"):
            image = dataset.sample(state.sample_split, state.index).image
            state.choose(picture=preprocessing.to_text(image), source="draw")
            st.switch_page("ui/pages/picture.py")


def _next_misclassified(labels: np.ndarray, run_id: str, epoch: int) -> None:
    wrong = misclassified(resources.logits(run_id, epoch), labels)
    if len(wrong):
        state = session()
        state.choose(index=int(wrong[np.searchsorted(wrong, state.index, "right") % len(wrong)]))
