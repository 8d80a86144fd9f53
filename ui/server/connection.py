"""The server's one connection to the run store, opened in a thread that retries until it succeeds."""

import gc
import logging
import threading
from contextlib import suppress

from fmnist.errors import FmnistError, StoreUnavailable
from fmnist.runs.store import Store
from fmnist.runs.supervisor import WorkerSupervisor
from fmnist.settings import Settings
from ui.server.singleton import Singleton

# A SQLite file opens sooner; for a slower database the page shows a message.
OPEN_TIMEOUT = 1.5
RETRY_DELAY = 2.0

log = logging.getLogger(__name__)


class StoreConnection:
    """The run store and the supervisor of its worker, once it is open. Pages wait at most `OPEN_TIMEOUT`."""

    def __init__(self) -> None:
        self._opened: tuple[Store, WorkerSupervisor] | None = None
        self._error: FmnistError | None = None
        self._tried, self._wake = threading.Event(), threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._open, name="store", daemon=True)
        self._thread.start()

    @property
    def store(self) -> Store:
        """The run store. Raises StoreUnavailable, or InvalidInput for invalid settings."""
        return self._result()[0]

    @property
    def supervisor(self) -> WorkerSupervisor:
        """The thread that supervises the worker of this server. Raises as `store` does."""
        return self._result()[1]

    def retry(self) -> None:
        """Try again now instead of after `RETRY_DELAY`."""
        if self._opened is None:
            self._tried.clear()
            self._wake.set()

    def close(self) -> None:
        """End the supervisor and close the store."""
        self._closing = True
        self._wake.set()
        self._thread.join(OPEN_TIMEOUT)  # a database without a response must not delay the end
        if self._opened is not None:
            store, supervisor = self._opened
            with suppress(StoreUnavailable):
                supervisor.close()
            store.close()

    def _result(self) -> tuple[Store, WorkerSupervisor]:
        self._tried.wait(OPEN_TIMEOUT)
        if self._opened is not None:
            return self._opened
        raise self._error or StoreUnavailable("The run store is not available yet. Try again in a few seconds.")

    def _open(self) -> None:
        while self._opened is None and not self._closing:
            try:
                settings = Settings.from_environment()
                store = Store(settings.database_url)
            except FmnistError as error:
                if str(error) != str(self._error):
                    log.warning("%s", error)
                self._error = error
                self._tried.set()
                self._wake.wait(RETRY_DELAY)
                self._wake.clear()
            else:
                supervisor = WorkerSupervisor(settings, store, "server")
                supervisor.start()
                self._opened = store, supervisor
                self._tried.set()
                # The objects of the start stay; later garbage collections skip them.
                gc.collect()
                gc.freeze()


@Singleton
def store_connection() -> StoreConnection:
    """Return the connection of this server."""
    return StoreConnection()
