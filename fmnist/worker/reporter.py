"""A worker's second thread: it stores the job's progress, reads requests to stop, and keeps the worker's lease."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fmnist.errors import RunConflict, StoreUnavailable
from fmnist.runs.loop import StoreLoop
from fmnist.runs.record import Claim, Interrupt
from fmnist.runs.store import Store
from fmnist.types import Progress, Snapshot

# Seconds between attempts to write to a store that fails.
RETRY_DELAY = 2.0
# A job that reports nothing, as while it compiles, is written again so often, for so long.
RENEW_SECONDS = 15.0
SILENT_SECONDS = 600.0
# A local worker ends when its store has been unavailable for so long: its servers may be gone with it.
ORPHAN_SECONDS = 30.0

log = logging.getLogger(__name__)


class JobContext:
    """What a task knows of its surroundings: its claim, whom it reports to, and whether it shall end early."""

    def __init__(self, claim: Claim, reporter: "WorkerReporter") -> None:
        self.claim = claim
        self.interrupt: Interrupt | None = None
        # The run was deleted, or claimed by another worker while this one seemed dead.
        self.claim_lost = False
        self._reporter = reporter
        self._progress: Any = None
        # Those that are not stored yet; of one epoch at most, whose end waits for the store.
        self._snapshots: list[Snapshot] = []
        self._points: list[Progress] = []
        self._has_news, self._is_first = False, True
        self._reported = self._written = time.monotonic()

    def report(self, progress: Any) -> None:
        """Take the newest progress, a `Progress` or a share; the next step stores it, the first one at once.

        Each `Progress` becomes a point of the run's curve.
        """
        self._progress, self._has_news, self._reported = progress, True, time.monotonic()
        if isinstance(progress, Progress):
            self._points.append(progress)
        if self._is_first:
            self._is_first = False
            self._reporter.wake()

    def report_snapshot(self, snapshot: Snapshot) -> None:
        """Take a snapshot of the training; it is stored with the next progress."""
        self._snapshots.append(snapshot)

    def should_stop(self) -> bool:
        """Return whether the job shall end early."""
        return self._reporter.leaving.is_set() or self.interrupt is not None or self.claim_lost

    def retry_until_stored(self, record: Callable[[], None]) -> None:
        """Retry until the store accepts the record: a full disk shall not cost finished work."""
        self._reporter.retry_until_stored(record)

    def write(self, store: Store) -> None:
        """Store the newest progress and all snapshots; without news, now and then the last progress.

        Raises StoreUnavailable.
        """
        now = time.monotonic()
        is_due = now - self._written > RENEW_SECONDS and now - self._reported < SILENT_SECONDS
        if not (self._has_news or is_due):
            return
        self._has_news = False
        snapshots, points = self._snapshots[:], self._points[:]
        try:
            interrupt = store.jobs.record_progress(self.claim, self._progress, snapshots, points)
            # The job may have added others meanwhile.
            del self._snapshots[: len(snapshots)], self._points[: len(points)]
            self.interrupt = self.interrupt or interrupt
            self._written = now
        except RunConflict:
            self.claim_lost = True


class WorkerReporter(StoreLoop):
    """Exchange progress and stop requests through plain attributes: the job never waits for the database."""

    def __init__(self, store: Store, *, leave_with_servers: bool) -> None:
        """Enter the worker into the store. Raises StoreUnavailable."""
        super().__init__(store, "worker")
        self._leave_with_servers = leave_with_servers
        self._job: JobContext | None = None
        # The worker's id in the store.
        self.worker = self.lease.process.id
        # The worker shall end: by a signal, or because no server or command is left.
        self.leaving = threading.Event()
        self.lease.keep()
        self.start()

    @contextmanager
    def tracking(self, claim: Claim) -> Iterator[JobContext]:
        """Return the context of a job whose newest progress is stored while inside."""
        self._job = JobContext(claim, self)
        try:
            yield self._job
        finally:
            self._job = None

    def retry_until_stored(self, record: Callable[[], None]) -> None:
        """Retry until the store accepts the record, or the worker leaves. Raises StoreUnavailable then."""
        while True:
            try:
                return record()
            except StoreUnavailable as error:
                log.warning("%s", error)
                if self.leaving.wait(RETRY_DELAY):
                    raise

    def _step(self) -> None:
        job = self._job
        if job is not None:
            job.write(self._store)
        self._attend()
        if self._leave_with_servers and all(each.kind == "worker" for each in self._store.leases.living()):
            self.leaving.set()

    def _store_failed(self, seconds: float) -> None:
        if self._leave_with_servers and seconds > ORPHAN_SECONDS:
            self.leaving.set()
