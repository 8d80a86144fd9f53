"""A worker's second thread: it beats, carries progress to the store, and brings requests to the training."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fmnist.errors import RunConflict, StoreUnavailable
from fmnist.runs.presence import Presence
from fmnist.runs.record import Progress
from fmnist.runs.store import Store

# Four times a second the page sees the batches count; a beat is due once a second.
TICK_SECONDS = 0.25
TICKS_A_BEAT = 4

log = logging.getLogger(__name__)


class Pulse:
    """What the training reads and writes are plain attributes, so that it never waits for the database."""

    def __init__(self, store: Store, presence: Presence, *, leave_with_servers: bool) -> None:
        self._store = store
        self._presence = presence
        self._leave_with_servers = leave_with_servers
        self._run_id: str | None = None
        self._progress: Progress | None = None
        self._stop_requested = False
        # The worker was told to go, or nobody is left who wants it.
        self.leaving = threading.Event()
        # The run was taken away: deleted, or given to another worker while this one seemed dead.
        self.lost = False
        self._closing = threading.Event()
        store.beat(presence)
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say goodbye in the store and end the thread."""
        self._closing.set()
        self._thread.join()
        self._store.leave(self._presence)

    @contextmanager
    def following(self, run_id: str) -> Iterator[None]:
        """Carry the progress of this run while inside."""
        self._progress, self._stop_requested, self.lost = None, False, False
        self._run_id = run_id
        try:
            yield
        finally:
            self._run_id = None

    def report(self, progress: Progress) -> None:
        """Take the newest progress; the next tick stores it."""
        self._progress = progress

    def should_stop(self) -> bool:
        """Whether the training shall end before its last epoch."""
        return self._stop_requested or self.lost or self.leaving.is_set()

    def _beat(self) -> None:
        tick = 0
        while not self._closing.wait(TICK_SECONDS):
            try:
                if tick % TICKS_A_BEAT == 0:
                    self._store.beat(self._presence)
                    if self._leave_with_servers and not self._is_wanted():
                        self.leaving.set()
                self._carry()
            except StoreUnavailable as error:  # the training goes on; its next epoch insists on being stored
                log.warning("%s", error)
            tick += 1

    def _is_wanted(self) -> bool:
        return any(presence.kind != "worker" and presence.alive for presence in self._store.presences())

    def _carry(self) -> None:
        run_id, progress, self._progress = self._run_id, self._progress, None
        if run_id is None or progress is None:
            return
        try:
            self._stop_requested = self._store.record_progress(run_id, self._presence.id, progress)
        except RunConflict:
            # A late tick of a run that has just ended is no loss.
            self.lost = self._run_id == run_id
