"""A thread beside a web server or a command: it beats in the store and sees that somebody does the work that waits."""

import contextlib
import logging
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from fmnist.errors import FmnistError, StoreUnavailable, WorkerCannotStart
from fmnist.runs.database import sibling_path
from fmnist.runs.presence import ProcessKind, this_process
from fmnist.runs.record import Failure
from fmnist.runs.start_failures import failure_of_exit
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.system import subprocesses

BEAT_SECONDS = 1.0
# A worker that cannot start, for want of memory say, is not started again at every beat, and each time later.
FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 300.0
# The exit code of a worker that told the store itself why it cannot start.
TOLD = 2

NOBODY = WorkerCannotStart(
    "No worker is there: on this server, others start them (FMNIST_WORKERS is external). The operator starts one with "
    "`python -m fmnist worker`."
)

log = logging.getLogger(__name__)


def worker_log(database_url: str) -> Path:
    """The file that a local worker of this store writes its warnings and errors to."""
    return sibling_path(database_url, "-worker.log")


class Attendant:
    """While it attends, a local worker is started whenever there is work and no worker is alive."""

    def __init__(self, settings: Settings, store: Store, kind: ProcessKind) -> None:
        self._settings = settings
        self._store = store
        self._presence = this_process(kind)
        self._worker: subprocess.Popen[bytes] | None = None
        # What keeps the store from being written, None when all is well.
        self.trouble: StoreUnavailable | None = None
        # Why nobody does the work that waits, as long as it lasts.
        self.failure: FmnistError | Failure | None = None
        self._pause, self._next_start = FIRST_PAUSE_SECONDS, 0.0
        self._wake = threading.Event()
        self._leaving = False
        self._thread = threading.Thread(target=self._attend, name="attendant", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to attend."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: work was asked for."""
        self._wake.set()

    def retry(self) -> None:
        """Start a worker at once, whatever kept the one before from starting."""
        self.failure, self._pause, self._next_start = None, FIRST_PAUSE_SECONDS, 0.0
        self._store.start_failures.take_back()
        self._wake.set()

    def close(self) -> None:
        """Leave; a local worker that nobody needs any more ends by itself."""
        self._leaving = True
        self._wake.set()
        self._thread.join()
        with contextlib.suppress(StoreUnavailable):  # it is noticed by its process id then
            self._store.presences.leave(self._presence)

    def _attend(self) -> None:
        while not self._leaving:
            try:
                self._store.presences.beat(self._presence)
                self._see_to_a_worker()
                self.trouble = None
            except StoreUnavailable as error:  # a full disk may have room again a second later
                if self.trouble is None:
                    log.warning("%s", error)
                self.trouble = error
            self._wake.wait(BEAT_SECONDS)
            self._wake.clear()

    def _see_to_a_worker(self) -> None:
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                if self.failure and not self._store.start_failures.told():
                    self.failure = None  # it is ready, and took back what was told
                return
            self._worker = None
            if code:
                self._store.reap()  # no run is said to train that nobody trains
                self._worker_failed(code)
        if any(presence.kind == "worker" and presence.alive for presence in self._store.presences.all()):
            self.failure, self._pause = None, FIRST_PAUSE_SECONDS
            return
        wanted = self._store.has_work()
        if wanted:
            self._store.reap()
        if self._settings.external_workers:
            self._tell(NOBODY, again=True)
        elif not wanted:
            self.failure, self._pause = None, FIRST_PAUSE_SECONDS
        elif time.monotonic() >= self._next_start:
            self._start_worker()
        elif self.failure:  # what was asked for since waits for the same reason
            self._tell(self.failure, again=True)

    def _worker_failed(self, code: int) -> None:
        log.warning("A worker ended with exit code %s; see %s", code, worker_log(self._settings.database_url))
        told = self._store.start_failures.told() if code == TOLD else None
        self._tell(told or failure_of_exit(code))

    def _tell(self, failure: FmnistError | Failure, *, again: bool = False) -> None:
        self.failure = failure
        self._store.start_failures.tell(failure, again=again)

    def _start_worker(self) -> None:
        # Its own session: Ctrl-C in the terminal reaches the server alone, and the worker ends in its own time.
        self._next_start = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        try:
            # A file and not the terminal: TensorFlow's lines would break a progress bar, and a worker that outlives a
            # command would keep the pipe open that somebody reads the command's answer from.
            with worker_log(self._settings.database_url).open("ab") as log_file:
                self._worker = subprocess.Popen(
                    subprocesses.command("fmnist", "worker", "--local"),
                    env=subprocesses.environment(FMNIST_DATABASE_URL=self._settings.database_url),
                    stdin=subprocess.DEVNULL,
                    stdout=log_file,
                    stderr=log_file,
                    start_new_session=True,
                )
        except OSError as error:  # too little memory, say, which may be there at the next try
            log.warning("The worker cannot be started: %s", error)
            self._tell(
                WorkerCannotStart(
                    "The system cannot start the worker: {error}. Free memory on the server, or make the folder of the "
                    "run store writable, and try again.",
                    error=error.strerror or type(error).__name__,
                )
            )
