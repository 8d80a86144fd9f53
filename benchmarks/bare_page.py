"""A minimal page with the same prediction, for comparison: one picture, one chart, one LiteRT call."""

import os

import streamlit as st
from safetensors.numpy import load_file

from fmnist.data.dataset import CLASS_NAMES, Dataset, load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.settings import Settings
from ui.images import png


@st.cache_resource
def loaded() -> tuple[Dataset, Classifier]:
    """The data set and a trained network."""
    return load_dataset(Settings.from_environment()), Classifier(load_file(os.environ["BENCHMARK_NETWORK"]))


@st.fragment
def answer() -> None:
    """The whole page."""
    dataset, classifier = loaded()
    index = st.number_input("Index", 0, 9_999, 169, key="type_index")
    image = dataset.test.images[index]
    logits = classifier.logits(image[None])[0]
    st.image(png(image, scale=10), caption=f"Test image {index:,}: {CLASS_NAMES[logits.argmax()]}", width=280)
    spec = {
        "mark": "bar",
        "encoding": {"y": {"field": "class", "type": "nominal"}, "x": {"field": "logit", "type": "quantitative"}},
    }
    st.vega_lite_chart({"class": list(CLASS_NAMES), "logit": logits.tolist()}, spec, key="bars")


answer()
