"""A thread beside a web server or a command: it beats in the store and sees that somebody does the work that waits."""

import contextlib
import logging
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from fmnist import program
from fmnist.errors import StoreUnavailable
from fmnist.runs.database import beside
from fmnist.runs.presence import Kind, this_process
from fmnist.runs.store import Store
from fmnist.settings import Settings

BEAT_SECONDS = 1.0
# A worker that cannot start, for want of memory say, is not started again at every beat.
PAUSE_SECONDS = 10.0

log = logging.getLogger(__name__)


def worker_log(database_url: str) -> Path:
    """The file that a local worker of this store writes its warnings and errors to."""
    return beside(database_url, "-worker.log")


class Attendant:
    """While it attends, a local worker is started whenever there is work and no worker is alive."""

    def __init__(self, settings: Settings, store: Store, kind: Kind) -> None:
        self._settings = settings
        self._store = store
        self._presence = this_process(kind)
        self._worker: subprocess.Popen[bytes] | None = None
        # What keeps the store from being written, None when all is well.
        self.trouble: StoreUnavailable | None = None
        self._started_at = -PAUSE_SECONDS
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
                if not self._settings.external_workers and self._worker_is_missing():
                    self._start_worker()
                self.trouble = None
            except StoreUnavailable as error:  # a full disk may have room again a second later
                if self.trouble is None:
                    log.warning("%s", error)
                self.trouble = error
            self._wake.wait(BEAT_SECONDS)
            self._wake.clear()

    def _worker_is_missing(self) -> bool:
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                return False
            if code:
                log.warning("A worker ended with exit code %s; see %s", code, worker_log(self._settings.database_url))
            self._worker = None
        if time.monotonic() - self._started_at < PAUSE_SECONDS:
            return False
        if any(presence.kind == "worker" and presence.alive for presence in self._store.presences.all()):
            return False
        return self._store.has_work()

    def _start_worker(self) -> None:
        # Its own session: Ctrl-C in the terminal reaches the server alone, and the worker ends in its own time.
        self._started_at = time.monotonic()
        try:
            # A file and not the terminal: TensorFlow's lines would break a progress bar, and a worker that outlives a
            # command would keep the pipe open that somebody reads the command's answer from.
            with worker_log(self._settings.database_url).open("ab") as log_file:
                self._worker = subprocess.Popen(
                    program.command("fmnist", "worker", "--local"),
                    env=program.environment(FMNIST_DATABASE_URL=self._settings.database_url),
                    stdin=subprocess.DEVNULL,
                    stdout=log_file,
                    stderr=log_file,
                    start_new_session=True,
                )
        except OSError as error:  # too little memory, say, which may be there at the next try
            log.warning("The worker cannot be started: %s", error)
