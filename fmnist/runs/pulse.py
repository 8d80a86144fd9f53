"""A worker's second thread: it beats, carries progress to the store, and brings requests to the training."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from fmnist.errors import RunConflict, StoreUnavailable
from fmnist.runs.presence import Presence
from fmnist.runs.record import Progress
from fmnist.runs.store import Store

# Four times a second the page sees the batches count; a beat is due once a second.
TICK_SECONDS = 0.25
TICKS_A_BEAT = 4

log = logging.getLogger(__name__)


@dataclass
class _Followed:
    """A run while it trains. A late tick of the run before writes into that one's own."""

    run_id: str
    progress: Progress | None = None
    stop_requested: bool = False
    # The run was taken away: deleted, or given to another worker while this one seemed dead.
    lost: bool = False


class Pulse:
    """What the training reads and writes are plain attributes, so that it never waits for the database."""

    def __init__(self, store: Store, presence: Presence, *, leave_with_servers: bool) -> None:
        self._store = store
        self._presence = presence
        self._leave_with_servers = leave_with_servers
        self._followed: _Followed | None = None
        # What keeps the store from being written, None when all is well.
        self._trouble: StoreUnavailable | None = None
        # The worker was told to go, or nobody is left who wants it.
        self.leaving = threading.Event()
        self._closing = threading.Event()
        store.beat(presence)
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say goodbye in the store and end the thread."""
        self._closing.set()
        self._thread.join()
        with suppress(StoreUnavailable):  # its absence is noticed by its process id then
            self._store.leave(self._presence)

    @contextmanager
    def following(self, run_id: str) -> Iterator[None]:
        """Carry the progress of this run while inside."""
        self._followed = _Followed(run_id)
        try:
            yield
        finally:
            self._followed = None

    def report(self, progress: Progress) -> None:
        """Take the newest progress; the next tick stores it."""
        if self._followed is not None:
            self._followed.progress = progress

    def should_stop(self) -> bool:
        """Whether the training shall end before its last epoch."""
        run = self._followed
        return self.leaving.is_set() or (run is not None and (run.stop_requested or run.lost))

    def _beat(self) -> None:
        tick = 0
        while not self._closing.wait(TICK_SECONDS):
            try:
                if tick % TICKS_A_BEAT == 0:
                    self._store.beat(self._presence)
                    if self._leave_with_servers and not self._is_wanted():
                        self.leaving.set()
                if self._followed is not None:
                    self._carry(self._followed)
                self._trouble = None
            except StoreUnavailable as error:  # the training goes on; its next epoch insists on being stored
                if self._trouble is None:
                    log.warning("%s", error)
                self._trouble = error
            tick += 1

    def _is_wanted(self) -> bool:
        return any(presence.kind != "worker" and presence.alive for presence in self._store.presences())

    def _carry(self, run: _Followed) -> None:
        progress, run.progress = run.progress, None
        if progress is None:
            return
        try:
            run.stop_requested = self._store.record_progress(run.run_id, self._presence.id, progress)
        except RunConflict:
            run.lost = True
