"""Stands in for a worker where a page is tested and not the training: no TensorFlow, and the cores are left alone."""

import threading
from itertools import cycle
from types import TracebackType
from typing import Self

from fmnist.runs.record import Claim, Run
from fmnist.runs.store import Store
from fmnist.types import Progress
from testing.serving import Server
from tests.conftest import claim, record_epochs

STEP_SECONDS = 0.15
BATCHES = range(5, 126, 5)


class ServerWithoutWorker(Server):
    """Starts no worker: what is submitted waits for one that the test brings."""

    def environment(self) -> dict[str, str]:
        """The environment of a server whose workers are started elsewhere."""
        return super().environment() | {"FMNIST_WORKERS": "external"}


class StubWorker:
    """A thread that takes the runs of a server and records epochs of random numbers.

    The second epoch and each after it ends when the test says so: a page on a busy machine misses none.
    """

    def __init__(self, server: Server) -> None:
        self._store = Store(server.database_url)
        self._lease = self._store.leases.lease("worker")
        self._leaving = threading.Event()
        self._epochs = threading.Semaphore(1)
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._lease.keep()
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._thread.join()
        self._lease.close()
        self._store.close()

    def finish_epochs(self, count: int) -> None:
        """Let so many epochs end, one after the other."""
        self._epochs.release(count)

    def _work(self) -> None:
        while not self._leaving.wait(STEP_SECONDS):
            for run in self._store.runs():
                if run.status == "queued":
                    claim(self._store, run.id, self._lease.process.id)
                    self._train(self._store.run(run.id))

    def _train(self, run: Run) -> None:
        training = Claim(run.id, "training", self._lease.process.id)
        for epoch in range(len(run.epochs) + 1, run.target_epochs + 1):
            for batch in cycle(BATCHES):
                progress = Progress(epoch, batch, BATCHES[-1], 0.5, 0.8, 2_000.0, 1.0)
                stop = self._store.jobs.record_progress(training, progress)
                if stop or self._leaving.wait(STEP_SECONDS):
                    self._store.jobs.finish(training, "stopped")
                    return
                if self._epochs.acquire(blocking=False):
                    break
            record_epochs(self._store, run.id, training.worker, epoch)
        self._store.jobs.finish(training, "succeeded")
