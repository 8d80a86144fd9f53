"""The data set that all sessions of the server share. Imports little: it is read while the rest is imported."""

import threading

import streamlit as st

from fmnist.data.dataset import Dataset, open_dataset
from fmnist.data.routes import Progress
from fmnist.errors import FmnistError
from fmnist.settings import Settings


class DatasetLoader:
    """Loads the data set in a thread, so that a page can show how far a download is."""

    def __init__(self) -> None:
        self.progress: Progress | None = None
        self.dataset: Dataset | None = None
        self.error: FmnistError | None = None
        self._thread = threading.Thread(target=self._load, name="dataset", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        try:
            self.dataset = open_dataset(Settings.from_environment(), self._report)
        except FmnistError as error:
            self.error = error

    def _report(self, progress: Progress) -> None:
        self.progress = progress

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, well or not, after at most so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


@st.cache_resource(show_spinner=False)
def dataset_loader() -> DatasetLoader:
    """The loader of the one data set; clear it to try again."""
    return DatasetLoader()
