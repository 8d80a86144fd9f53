"""The one thread of a process that keeps its lease, requeues what dead workers left, and does what its kind does."""

import logging
import threading
import time

from fmnist.errors import StoreUnavailable
from fmnist.runs.leases import Process, ProcessKind
from fmnist.runs.store import Store

# Seconds from one step to the next: the page sees the batches count, and a dead worker's job is soon queued again.
INTERVAL = 0.5

log = logging.getLogger(__name__)


class StoreLoop:
    """A thread that repeats `_step`, and outlives a store that is unavailable for a while."""

    def __init__(self, store: Store, kind: ProcessKind) -> None:
        self._store = store
        self.lease = store.leases.lease(kind)
        # The error of the last step, None when it succeeded.
        self.store_error: StoreUnavailable | None = None
        self._failing_since = 0.0
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=kind, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Let the next step be due now."""
        self._wake.set()

    def close(self) -> None:
        """End the thread and the lease."""
        self._closing = True
        self._wake.set()
        self._thread.join()
        self.lease.close()

    def _step(self) -> None:
        """Do what is due. Raises StoreUnavailable."""
        raise NotImplementedError

    def _store_failed(self, seconds: float) -> None:
        """Do what is due while the store has been unavailable for so long."""

    def _attend(self) -> list[Process]:
        """Keep the lease, and requeue the jobs of dead and stalled workers; return the stalled."""
        self.lease.keep()
        return self._store.leases.reap()

    def _run(self) -> None:
        while not self._closing:
            begun = time.monotonic()
            try:
                self._step()
                self.store_error = None
            except StoreUnavailable as error:  # a full disk may have room again a second later
                if self.store_error is None:
                    log.warning("%s", error)
                    self._failing_since = time.monotonic()
                self.store_error = error
                self._store_failed(time.monotonic() - self._failing_since)
            self._wake.wait(max(begun + INTERVAL - time.monotonic(), 0))
            self._wake.clear()
