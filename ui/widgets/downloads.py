"""Files to take away, each under a name that says what is in it."""

import re
from collections.abc import Callable
from functools import partial
from typing import get_args

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES
from fmnist.plots import rendering


def figure_downloads(title: str, draw: Callable[[rendering.FileFormat], bytes], name: str) -> None:
    """A figure as PNG and as SVG, drawn when it is asked for; `title` names its {format}."""
    for file_format in get_args(rendering.FileFormat):
        st.download_button(
            title.format(format=file_format.upper()),
            partial(draw, file_format),
            file_name=f"{name}.{file_format}",
            icon=":material/download:",
            on_click="ignore",
        )


def class_part(label: int) -> str:
    """A class in the name of a file: t-shirt-top."""
    return re.sub("[^a-z]+", "-", CLASS_NAMES[label].lower())


def images_stem(split: str, label: int | None, seed: int | None, page: int) -> str:
    """The name of a file with images, by what they were chosen by: fashion-mnist-test-bag-seed-3-page-2."""
    of_class = "" if label is None else f"-{class_part(label)}"
    shuffled = "" if seed is None else f"-seed-{seed}"
    return f"fashion-mnist-{split}{of_class}{shuffled}-page-{page}"
