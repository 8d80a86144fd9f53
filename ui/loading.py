"""What a page needs before it can draw; while it is missing, the page says so and offers a way on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from fmnist.data.dataset import Dataset
from fmnist.errors import FmnistError, StoreUnavailable
from fmnist.runs.desk import Desk
from ui import resources
from ui.dataset import dataset_loader
from ui.text import _, explain, number

# From this machine's disk the data set is there sooner; longer means that it is being fetched.
PATIENCE_SECONDS = 1.5


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the core raises inside into its sentence and a way on."""
    try:
        yield
    except FmnistError as error:
        st.error(explain(error), icon=":material/error:")
        if st.button(_("Go on")):
            st.rerun()


def need_dataset() -> Dataset:
    """The data set, or a progress bar, or what went wrong with a button to try again."""
    loader = dataset_loader()
    if not loader.wait(PATIENCE_SECONDS):
        st.fragment(_draw_download, run_every="500ms")()
        st.stop()
    if loader.dataset is None:
        _apologise(loader.error or FmnistError("The data set could not be loaded."), dataset_loader.clear)
    return loader.dataset


def need_desk() -> Desk:
    """The desk of the run store with somebody attending, or what went wrong with a button to try again."""
    try:
        desk = resources.desk()
        attendant = resources.attendant()
    except StoreUnavailable as error:
        _apologise(error, lambda: None)
    if attendant.trouble is not None:
        st.warning(explain(attendant.trouble), icon=":material/save:")
    return desk


def _draw_download() -> None:
    loader = dataset_loader()
    if loader.wait(0):
        st.rerun()
    progress = loader.progress
    if progress is None or progress.total is None:
        st.progress(0.0, text=_("Looking for the images…"))
        return
    text = _(
        "Fetching the images, once: {file}, {done} of {total} MB",
        file=progress.file,
        done=number(progress.done / 1e6, 1),
        total=number(progress.total / 1e6, 1),
    )
    st.progress(min(progress.done / progress.total, 1.0), text=text)


def _apologise(error: FmnistError, forget: Callable[[], None]) -> None:
    st.error(explain(error), icon=":material/error:")
    if st.button(_("Try again"), type="primary", icon=":material/refresh:"):
        forget()
        st.rerun()
    st.stop()
