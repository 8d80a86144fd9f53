"""The thread of a web server or a command that keeps its heartbeat in the store and a worker running."""

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

BEAT_INTERVAL = 1.0
# A worker that cannot start, for lack of memory for example, is started again after a growing delay.
RESTART_DELAY = 10.0
MAX_RESTART_DELAY = 300.0
# The exit code of a worker that recorded in the store why it cannot start.
START_FAILED = 2

NO_WORKER = WorkerCannotStart(
    "No worker is running: FMNIST_WORKERS is external, so the server does not start them. The operator starts one "
    "with `python -m fmnist worker`."
)

log = logging.getLogger(__name__)


def worker_log(database_url: str) -> Path:
    """Return the log file of this store's local worker."""
    return sibling_path(database_url, "-worker.log")


class WorkerSupervisor:
    """Start a local worker whenever jobs are queued and no worker is alive."""

    def __init__(self, settings: Settings, store: Store, kind: ProcessKind) -> None:
        self._settings = settings
        self._store = store
        self._presence = this_process(kind)
        self._worker: subprocess.Popen[bytes] | None = None
        # The error of the last write to the store, None when it succeeded.
        self.store_error: StoreUnavailable | None = None
        # Why no worker takes the queued jobs, as long as it lasts.
        self.failure: FmnistError | Failure | None = None
        self._pause, self._next_start = RESTART_DELAY, 0.0
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Check at once: a job was submitted."""
        self._wake.set()

    def retry(self) -> None:
        """Start a worker at once, without the delay after a failed start."""
        self.failure, self._pause, self._next_start = None, RESTART_DELAY, 0.0
        self._store.start_failures.clear()
        self._wake.set()

    def close(self) -> None:
        """End the thread; a local worker without servers and commands ends by itself."""
        self._closing = True
        self._wake.set()
        self._thread.join()
        with contextlib.suppress(StoreUnavailable):  # the process id tells it then
            self._store.presences.leave(self._presence)

    def _run(self) -> None:
        while not self._closing:
            try:
                self._store.presences.beat(self._presence)
                self._ensure_worker()
                self.store_error = None
            except StoreUnavailable as error:  # a full disk may have room again a second later
                if self.store_error is None:
                    log.warning("%s", error)
                self.store_error = error
            self._wake.wait(BEAT_INTERVAL)
            self._wake.clear()

    def _ensure_worker(self) -> None:
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                if self.failure and not self._store.start_failures.current():
                    self.failure = None  # it is ready, and cleared the failure
                return
            self._worker = None
            if code:
                self._store.reap()  # no run stays "running" without a worker
                self._worker_failed(code)
        if any(presence.kind == "worker" and presence.alive for presence in self._store.presences.all()):
            self.failure, self._pause = None, RESTART_DELAY
            return
        wanted = self._store.has_work()
        if wanted:
            self._store.reap()
        if self._settings.external_workers:
            self._record_failure(NO_WORKER, again=True)
        elif not wanted:
            self.failure, self._pause = None, RESTART_DELAY
        elif time.monotonic() >= self._next_start:
            self._start_worker()
        elif self.failure:  # jobs submitted since then wait for the same reason
            self._record_failure(self.failure, again=True)

    def _worker_failed(self, code: int) -> None:
        log.warning("A worker ended with exit code %s; see %s", code, worker_log(self._settings.database_url))
        recorded = self._store.start_failures.current() if code == START_FAILED else None
        self._record_failure(recorded or failure_of_exit(code))

    def _record_failure(self, failure: FmnistError | Failure, *, again: bool = False) -> None:
        self.failure = failure
        self._store.start_failures.record(failure, again=again)

    def _start_worker(self) -> None:
        # Its own session: Ctrl-C in the terminal reaches the server alone, and the worker ends in its own time.
        self._next_start = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, MAX_RESTART_DELAY)
        try:
            # A file and not the terminal: TensorFlow's lines would break a progress bar, and a worker that outlives a
            # command would keep the pipe of the command's output open.
            with worker_log(self._settings.database_url).open("ab") as log_file:
                self._worker = subprocess.Popen(
                    subprocesses.command("fmnist", "worker", "--local"),
                    env=subprocesses.environment(FMNIST_DATABASE_URL=self._settings.database_url),
                    stdin=subprocess.DEVNULL,
                    stdout=log_file,
                    stderr=log_file,
                    start_new_session=True,
                )
        except OSError as error:  # such as too little memory, which may be free at the next try
            log.warning("The worker cannot be started: %s", error)
            self._record_failure(
                WorkerCannotStart(
                    "The system cannot start the worker: {error}. Free memory on the server, or make the folder of the "
                    "run store writable, and try again.",
                    error=error.strerror or type(error).__name__,
                )
            )
