"""The guards of a page: data set, run store, errors; each draws a message and a button."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from fmnist.data.dataset import Dataset
from fmnist.errors import FmnistError, StoreUnavailable
from fmnist.runs.record import Failure, Run
from fmnist.runs.store import Store
from ui.i18n.text import _, explain, number
from ui.server import resources
from ui.server.connection import store_connection
from ui.server.dataset import dataset_loader
from ui.state.session import session

# The disk of this machine is quicker; a longer time means a download.
LOAD_TIMEOUT = 1.5

log = logging.getLogger(__name__)


@contextmanager
def show_errors() -> Iterator[None]:
    """Draw an error of the core that is raised inside, with a button to go on."""
    try:
        yield
    except FmnistError as error:
        log.warning("%s", error)
        st.error(explain(error), icon=":material/error:")
        if st.button(_("Continue")):
            st.rerun()


def require_dataset() -> Dataset:
    """Return the data set; while it loads, draw a progress bar, after an error a button to retry, and stop."""
    loader = dataset_loader()
    if not loader.wait(LOAD_TIMEOUT):
        st.fragment(_draw_download, run_every="500ms")()
        st.stop()
    if loader.dataset is None:
        _stop_with_error(loader.error or FmnistError("The data set could not be loaded."), loader.retry)
    if loader.refusal is not None:
        st.warning(explain(loader.refusal), icon=":material/folder_off:")
    return loader.dataset


def require_store() -> Store:
    """Return the run store; while it is unavailable, draw the error with a button to retry, and stop."""
    try:
        store = resources.store()
        supervisor = resources.supervisor()
    except StoreUnavailable as error:
        _stop_with_error(error, store_connection().retry)
    if supervisor.store_error is not None:
        st.warning(explain(supervisor.store_error), icon=":material/save:")
    return store


def require_runs() -> list[Run]:
    """Return the runs that a page shows, as `shown_runs` does; without a usable store, stop as `require_store` does."""
    require_store()
    state = session()
    return resources.shown_runs((state.run, state.other, state.trained, *state.compare))


def blocking_error(runs: list[Run]) -> FmnistError | Failure | None:
    """Return the error that keeps a new training from its start."""
    store_error = next((run.failure for run in runs if run.status == "queued" and run.failure), None)
    return dataset_loader().error or store_error or resources.supervisor().failure


def draw_blocking_error(error: FmnistError | Failure) -> None:
    """Draw the error that keeps a training from its start, with a button to retry."""
    st.error(explain(error), icon=":material/error:")
    if st.button(_("Try again"), icon=":material/refresh:", key="retry"):
        dataset_loader().retry()
        resources.supervisor().retry()
        st.rerun()


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


def _stop_with_error(error: FmnistError, retry: Callable[[], None]) -> NoReturn:
    log.warning("%s", error)  # with details for the operator, hidden from visitors
    st.error(explain(error), icon=":material/error:")
    if st.button(_("Try again"), type="primary", icon=":material/refresh:"):
        retry()
        st.rerun()
    st.stop()
