"""Data: the images of the data set, 25 a page, by split, class and order."""

import random
from functools import partial

import streamlit as st

from fmnist.plots import rendering
from ui.components.grid.grid import image_grid
from ui.i18n.names import class_name, class_names
from ui.i18n.text import _, number
from ui.state.session import session
from ui.widgets.downloads import figure_downloads, images_stem
from ui.widgets.gallery import image_pages
from ui.widgets.guards import require_dataset
from ui.widgets.page import page_title

state = session()
page_title(_("The data set"))
dataset = require_dataset()

controls, pictures = st.columns(2, gap="large")
with controls:
    st.write(
        _(
            "Fashion-MNIST: small gray images of clothes, 28 by 28 pixels, in ten classes. A network is trained on the "
            "training images; the test images measure how well it classifies images that it was not trained on."
        )
    )
    splits = {"train": _("Training images"), "test": _("Test images")}
    st.segmented_control(_("Split"), required=True, **state.bind_options("split", splits))
    split = dataset.split(state.split)
    counts = split.class_counts()
    classes = {label: f"{name} ({number(counts[label])})" for label, name in enumerate(class_names())}
    every_class = _("All ten classes ({count})", count=number(len(split)))
    st.selectbox(_("Class"), index=None, placeholder=every_class, **state.bind_options("label", classes))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shuffled, in_order = {"seed": random.randrange(10_000)}, {"seed": None}
        st.button(_("Shuffle"), icon=":material/shuffle:", on_click=state.choose, kwargs=shuffled)
        st.button(
            _("In order"), icon=":material/sort:", disabled=state.seed is None, on_click=state.choose, kwargs=in_order
        )
    if state.seed is not None:
        st.number_input(_("Seed of the shuffle"), 0, 2**32 - 1, **state.bind("seed"))
    shown = image_pages(split.indices(state.label, state.seed), "page")

names = [class_name(label) for label in split.labels[shown]]

with pictures:
    kind = _("training image") if state.split == "train" else _("test image")
    opened = image_grid(
        split.images[shown],
        names,
        [f"{name}, {kind} {number(index)}" for name, index in zip(names, shown, strict=True)],
        _("Choose an image to open it in Predict."),
        key="grid",
    )

with controls, st.container(horizontal=True):
    draw = partial(rendering.grid, split.images[shown], names)
    figure_downloads(_("These images as {format}"), draw, images_stem(state.split, state.label, state.seed, state.page))

if opened is not None:
    state.choose(source=state.split, index=int(shown[opened]))
    st.switch_page("ui/pages/predict.py")
