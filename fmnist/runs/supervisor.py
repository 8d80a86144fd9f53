"""The thread of a web server or a command that keeps a worker running."""

import logging
import subprocess
import time
from pathlib import Path
from typing import Self

import psutil

from fmnist.errors import FmnistError, WorkerCannotStart
from fmnist.runs.database import sibling_path
from fmnist.runs.leases import Process, ProcessKind
from fmnist.runs.loop import StoreLoop
from fmnist.runs.record import Failure
from fmnist.runs.start_failures import failure_of_exit
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.system import subprocesses

# A worker that cannot start, for lack of memory for example, is started again after a growing delay.
RESTART_DELAY = 10.0
MAX_RESTART_DELAY = 300.0
# The available memory, in bytes, with which a worker may be started ahead of a job: twice what it takes.
AMPLE_MEMORY = 2e9
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


class WorkerSupervisor(StoreLoop):
    """Start a local worker whenever jobs are queued or expected and no worker is alive."""

    def __init__(self, settings: Settings, store: Store, kind: ProcessKind) -> None:
        super().__init__(store, kind)
        self._settings = settings
        self._worker: subprocess.Popen[bytes] | None = None
        # Why no worker takes the queued jobs, as long as it lasts.
        self.failure: FmnistError | Failure | None = None
        self._pause, self._next_start = RESTART_DELAY, 0.0
        # Whether a job is expected, and when a worker may be started ahead of one.
        self._expects_job, self._next_warm_up = False, 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def retry(self) -> None:
        """Start a worker at once, without the delay after a failed start."""
        self.failure, self._pause, self._next_start = None, RESTART_DELAY, 0.0
        self._store.start_failures.clear()
        self.wake()

    def warm_up(self) -> None:
        """Start a worker ahead of an expected job where memory is ample: it loads TensorFlow meanwhile.

        Like any idle worker it ends after a while without a job. One that cannot start is not reported: its job would
        be.
        """
        if self._worker is None:
            self._expects_job = True
            self.wake()

    def _step(self) -> None:
        self._kill_stalled(self._attend())
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                if self.failure and not self._store.start_failures.current():
                    self.failure = None  # it is ready, and cleared the failure
                return
            self._worker = None
            if code:
                self._worker_failed(code)
        if any(process.kind == "worker" for process in self._store.leases.living()):
            self.failure, self._pause = None, RESTART_DELAY
            return
        wanted = self._store.jobs.any_active() or self._is_warm_up_due()
        if self._settings.external_workers:
            self._record_failure(NO_WORKER, again=True)
        elif not wanted:
            self.failure, self._pause = None, RESTART_DELAY
        elif time.monotonic() >= self._next_start:
            self._start_worker()
        elif self.failure:  # jobs submitted since then wait for the same reason
            self._record_failure(self.failure, again=True)

    def _is_warm_up_due(self) -> bool:
        expected, self._expects_job = self._expects_job, False
        now = time.monotonic()
        if not expected or now < self._next_warm_up or psutil.virtual_memory().available < AMPLE_MEMORY:
            return False
        self._next_warm_up = now + MAX_RESTART_DELAY  # a machine that cannot start one is left alone for a while
        return True

    def _kill_stalled(self, stalled: list[Process]) -> None:
        """Kill the worker of this process where it does nothing: another takes its place."""
        if self._worker and any(process.pid == self._worker.pid for process in stalled):
            self._worker.kill()
            self._worker.wait()
            self._worker, self._next_start = None, 0.0

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
