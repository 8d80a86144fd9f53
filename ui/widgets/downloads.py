"""Downloads, and the names of their files."""

import re
from collections.abc import Callable
from functools import partial
from typing import get_args

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES
from fmnist.plots import rendering


def figure_downloads(title: str, draw: Callable[[rendering.FileFormat], bytes], name: str) -> None:
    """Draw the downloads of a figure as PNG and as SVG, made on request; `title` has the {format}."""
    for file_format in get_args(rendering.FileFormat):
        st.download_button(
            title.format(format=file_format.upper()),
            partial(draw, file_format),
            file_name=f"{name}.{file_format}",
            icon=":material/download:",
            on_click="ignore",
        )


def class_part(label: int) -> str:
    """Return a class for the name of a file: t-shirt-top."""
    return re.sub("[^a-z]+", "-", CLASS_NAMES[label].lower())


def images_stem(split: str, label: int | None, seed: int | None, page: int) -> str:
    """Return the name of a file with images of a page of Data: fashion-mnist-test-bag-seed-3-page-2."""
    of_class = "" if label is None else f"-{class_part(label)}"
    shuffled = "" if seed is None else f"-seed-{seed}"
    return f"fashion-mnist-{split}{of_class}{shuffled}-page-{page}"
