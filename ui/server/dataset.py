"""The data set that all sessions of the server share. Imports little: it loads while the rest is imported."""

import threading

from fmnist.data import sources
from fmnist.data.dataset import Dataset, load_dataset
from fmnist.data.routes import DownloadProgress
from fmnist.errors import FmnistError
from fmnist.settings import Settings
from ui.server.singleton import Singleton


class DatasetLoader:
    """A thread that loads the data set; a page can show the progress of a download."""

    def __init__(self) -> None:
        self.progress: DownloadProgress | None = None
        self.dataset: Dataset | None = None
        self.error: FmnistError | None = None
        # Why the copy in FMNIST_DATA_DIR is not used.
        self.refusal: FmnistError | None = None
        self._starting = threading.Lock()
        self._start()

    def retry(self) -> None:
        """Load again after an error; several visitors may call it at the same time."""
        with self._starting:
            if self.error is not None and not self._thread.is_alive():
                self.progress = self.error = None
                self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._load, name="dataset", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        try:
            settings = Settings.from_environment()
            dataset = load_dataset(settings, self._report)
            # Before the data: a page reads both.
            self.refusal = sources.refusal(settings)
            self.dataset = dataset
        except FmnistError as error:
            self.error = error

    def _report(self, progress: DownloadProgress) -> None:
        self.progress = progress

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds`; return whether the thread has ended, with the data set or with an error."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


@Singleton
def dataset_loader() -> DatasetLoader:
    """Return the loader of the one data set."""
    return DatasetLoader()
