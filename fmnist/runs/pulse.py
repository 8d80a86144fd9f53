"""A worker's second thread: it beats, carries progress to the store, and brings requests to the work."""

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
TICK_SECONDS = 0.5
TICKS_A_BEAT = 2
# How soon the store is asked again that could not be written.
PATIENCE_SECONDS = 2.0
# After a store was away, servers have so long to beat in it again; it may be another store.
RETURN_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass
class _Followed:
    """The work at hand. A late tick of the work before writes into that one's own."""

    # Stores how far the work is, and says whether it shall stop.
    carry: Callable[[Any], bool]
    progress: Any = None
    reported: bool = False
    stop_requested: bool = False
    # The work was taken away: deleted, or given to another worker while this one seemed dead.
    lost: bool = False


class Pulse:
    """What the work reads and writes are plain attributes, so that it never waits for the database."""

    def __init__(self, store: Store, presence: Presence, *, leave_with_servers: bool) -> None:
        self._store = store
        self._presence = presence
        self._leave_with_servers = leave_with_servers
        self._followed: _Followed | None = None
        # The name under which the store knows this worker.
        self.worker = presence.id
        # What keeps the store from being written, None when all is well.
        self._trouble: StoreUnavailable | None = None
        # The servers and commands of the store, by id, when they were read, and when the store was last away.
        self._servers: dict[str, Presence] = {}
        self._read_at = self._away_at = -inf
        # The worker was told to go, or nobody is left who wants it.
        self.leaving = threading.Event()
        self._closing = threading.Event()
        # Something is to be done before the next tick.
        self._hurry = threading.Event()
        store.presences.beat(presence)
        self._read_servers()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say goodbye in the store and end the thread."""
        self._closing.set()
        self._hurry.set()
        self._thread.join()
        with suppress(StoreUnavailable):  # its absence is noticed by its process id then
            self._store.presences.leave(self._presence)

    @contextmanager
    def following(self, carry: Callable[[Any], bool]) -> Iterator[None]:
        """Give the newest progress to `carry` while inside; what it returns is whether to stop."""
        self._followed = _Followed(carry)
        try:
            yield
        finally:
            self._followed = None

    def report(self, progress: Any) -> None:
        """Take the newest progress; the next tick stores it, and the work's first one at once."""
        work = self._followed
        if work is not None:
            work.progress = progress
            if not work.reported:
                work.reported = True
                self._hurry.set()

    def should_stop(self) -> bool:
        """Whether the work shall end before it is done."""
        work = self._followed
        return self.leaving.is_set() or (work is not None and (work.stop_requested or work.lost))

    def insist(self, record: Callable[[], None]) -> None:
        """Try until the store takes it: a full disk shall not cost what is already done."""
        while True:
            try:
                return record()
            except StoreUnavailable as error:
                log.warning("%s", error)
                if self.leaving.wait(PATIENCE_SECONDS):
                    raise

    def _beat(self) -> None:
        tick = 0
        while True:
            self._hurry.wait(TICK_SECONDS)
            self._hurry.clear()
            if self._closing.is_set():
                return
            try:
                if tick % TICKS_A_BEAT == 0:
                    self._store.presences.beat(self._presence)
                    self._read_servers()
                if self._followed is not None:
                    self._carry(self._followed)
                self._trouble = None
            except StoreUnavailable as error:  # the work goes on, and insists on storing what it gives
                if self._trouble is None:
                    log.warning("%s", error)
                self._trouble = error
                self._away_at = time.monotonic()
            if self._leave_with_servers and not self._server_is_alive():
                self.leaving.set()
            tick += 1

    def _read_servers(self) -> None:
        known, now = self._servers, time.monotonic()
        self._servers = {each.id: each for each in self._store.presences.all() if each.kind != "worker"}
        if now - self._away_at < RETURN_SECONDS:
            self._servers = known | self._servers
        self._read_at = now

    def _server_is_alive(self) -> bool:
        """Whether any server or command is alive, of those that the store named last."""
        since = time.monotonic() - self._read_at
        return any(replace(each, silence=each.silence + since).alive for each in self._servers.values())

    def _carry(self, work: _Followed) -> None:
        progress, work.progress = work.progress, None
        if progress is None:
            return
        try:
            work.stop_requested = work.carry(progress)
        except RunConflict:
            work.lost = True
