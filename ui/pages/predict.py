"""Ask the network about any image: its answer, its confidence, and the notebook's score beside it."""

import random

import numpy as np
import streamlit as st

from fmnist.analysis.evaluation import mistakes
from fmnist.data.dataset import Sample
from fmnist.runs.record import Run
from ui import resources
from ui.answer import draw_answer
from ui.live import rerun_when_changed
from ui.loading import explained, need_dataset, need_desk
from ui.session import SPLIT_SIZES, session, write_url
from ui.text import _
from ui.widgets import check_address, page_title, pick_epoch, pick_run

state = session()
page_title(_("Ask the network"))
dataset = need_dataset()
runs = need_desk().store.runs()


def logits_of(sample: Sample, run: Run, epoch: int) -> np.ndarray | None:
    """The stored logits of a test image; a training image is asked of the finished network."""
    if sample.split == "test":
        return resources.logits(run.id, epoch)[sample.index]
    classifier = None if run.active else resources.classifier(run.id, len(run.epochs))
    return None if classifier is None else classifier.logits(sample.image[np.newaxis])[0]


@st.fragment
def ask(answering: list[Run]) -> None:
    """Choose a network and an image, and read the answer."""
    with explained():
        networks, epochs = st.columns(2, gap="large")
        with networks:
            run = pick_run(answering)
        with epochs:
            epoch = pick_epoch(run)
        _pick_image(run, epoch)
        sample = dataset.sample(state.sample_split, state.index)
        logits = logits_of(sample, run, epoch)
        if logits is None:
            st.info(_("Training images are answered by the finished network; test images at once, while it trains."))
        else:
            draw_answer(sample, logits)
        write_url()


def _pick_image(run: Run, epoch: int) -> None:
    last = SPLIT_SIZES[state.sample_split] - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(_("Image"), 0, last, **state.bind("index"))
        st.number_input(_("Index"), 0, last, width=140, **state.bind("index", by="type"))
        # By callbacks: a click that meets a run of the whole page could not ask for the fragment alone.
        at_random = {"index": random.randint(0, last)}
        st.button(_("Random"), icon=":material/casino:", on_click=state.choose, kwargs=at_random)
        if state.sample_split == "train":
            first = {"sample_split": "test", "index": type(state).index}
            st.button(_("Back to the test images"), icon=":material/undo:", on_click=state.choose, kwargs=first)
        else:
            st.button(_("Next mistake"), icon=":material/rule:", on_click=_next_mistake, args=(run.id, epoch))


def _next_mistake(run_id: str, epoch: int) -> None:
    wrong = mistakes(resources.logits(run_id, epoch), dataset.test.labels)
    state.choose(index=int(wrong[np.searchsorted(wrong, state.index, "right") % len(wrong)]))


answering = [run for run in runs if run.epochs]
if answering:
    check_address(answering, without_epochs=runs)
    ask(answering)
    rerun_when_changed(runs)
elif any(run.active for run in runs):
    st.info(_("The network is in its first epoch. It answers as soon as that has ended."), icon=":material/hourglass:")
    rerun_when_changed(runs)
else:
    st.info(_("There is no trained network to ask yet."), icon=":material/lightbulb:")
    if st.button(_("Train a network"), type="primary", icon=":material/model_training:"):
        st.switch_page("ui/pages/train.py")
