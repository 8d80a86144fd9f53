"""A worker's second thread: it writes heartbeats and progress to the store, and reads requests to stop."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from fmnist.errors import RunConflict, StoreUnavailable
from fmnist.runs.presence import Presence
from fmnist.runs.store import Store

# Twice a second the page sees the batches count; a beat is due once a second.
TICK_INTERVAL = 0.5
TICKS_PER_BEAT = 2
# Seconds between attempts to write to a store that fails.
RETRY_DELAY = 2.0
# After a store was unavailable, servers have so long to beat in it again; it may be another store.
RETURN_TIMEOUT = 5.0

log = logging.getLogger(__name__)


@dataclass
class _TrackedWork:
    """The current job. A late tick of the job before writes into that one's own."""

    # Store the progress; return whether the job shall stop.
    write_progress: Callable[[Any], bool]
    progress: Any = None
    reported: bool = False
    stop_requested: bool = False
    # The run was deleted, or claimed by another worker while this one seemed dead.
    claim_lost: bool = False


class WorkerHeartbeat:
    """Exchange progress and stop requests through plain attributes: the job never waits for the database."""

    def __init__(self, store: Store, presence: Presence, *, leave_with_servers: bool) -> None:
        self._store = store
        self._presence = presence
        self._leave_with_servers = leave_with_servers
        self._tracked: _TrackedWork | None = None
        # The worker's id in the store.
        self.worker = presence.id
        # The error of the last write to the store, None when it succeeded.
        self._store_error: StoreUnavailable | None = None
        # The servers and commands of the store, by id, when they were read, and when the store was last unavailable.
        self._servers: dict[str, Presence] = {}
        self._read_at = self._away_at = -inf
        # The worker shall end: by a signal, or because no server or command is left.
        self.leaving = threading.Event()
        self._closing = threading.Event()
        # The next tick is due now.
        self._hurry = threading.Event()
        store.presences.beat(presence)
        self._read_servers()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and remove the process from the store."""
        self._closing.set()
        self._hurry.set()
        self._thread.join()
        with suppress(StoreUnavailable):  # the process id tells it then
            self._store.presences.leave(self._presence)

    @contextmanager
    def tracking(self, write_progress: Callable[[Any], bool]) -> Iterator[None]:
        """Pass the newest progress to `write_progress` while inside; it returns whether to stop."""
        self._tracked = _TrackedWork(write_progress)
        try:
            yield
        finally:
            self._tracked = None

    def report(self, progress: Any) -> None:
        """Take the newest progress; the next tick stores it, the first one at once."""
        work = self._tracked
        if work is not None:
            work.progress = progress
            if not work.reported:
                work.reported = True
                self._hurry.set()

    def should_stop(self) -> bool:
        """Return whether the job shall end early."""
        work = self._tracked
        return self.leaving.is_set() or (work is not None and (work.stop_requested or work.claim_lost))

    def retry_until_stored(self, record: Callable[[], None]) -> None:
        """Retry until the store accepts the record: a full disk shall not cost finished work."""
        while True:
            try:
                return record()
            except StoreUnavailable as error:
                log.warning("%s", error)
                if self.leaving.wait(RETRY_DELAY):
                    raise

    def _beat(self) -> None:
        tick = 0
        while True:
            self._hurry.wait(TICK_INTERVAL)
            self._hurry.clear()
            if self._closing.is_set():
                return
            try:
                if tick % TICKS_PER_BEAT == 0:
                    self._store.presences.beat(self._presence)
                    self._read_servers()
                if self._tracked is not None:
                    self._write_progress(self._tracked)
                self._store_error = None
            except StoreUnavailable as error:  # the job goes on, and retries to store its result
                if self._store_error is None:
                    log.warning("%s", error)
                self._store_error = error
                self._away_at = time.monotonic()
            if self._leave_with_servers and not self._server_is_alive():
                self.leaving.set()
            tick += 1

    def _read_servers(self) -> None:
        known, now = self._servers, time.monotonic()
        self._servers = {each.id: each for each in self._store.presences.all() if each.kind != "worker"}
        if now - self._away_at < RETURN_TIMEOUT:
            self._servers = known | self._servers
        self._read_at = now

    def _server_is_alive(self) -> bool:
        """Return whether any server or command is alive, of those last read from the store."""
        since = time.monotonic() - self._read_at
        return any(replace(each, silence=each.silence + since).alive for each in self._servers.values())

    def _write_progress(self, work: _TrackedWork) -> None:
        progress, work.progress = work.progress, None
        if progress is None:
            return
        try:
            work.stop_requested = work.write_progress(progress)
        except RunConflict:
            work.claim_lost = True
