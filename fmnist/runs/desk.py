"""Requests of pages and commands, checked here because a client can bypass any form."""

import logging

from fmnist.errors import InvalidRecipe, RunConflict, StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.queue import Queue
from fmnist.runs.record import Computation, ComputationName, Origin, Run
from fmnist.runs.rows import MAX_EPOCHS
from fmnist.runs.store import Store
from fmnist.settings import Settings

log = logging.getLogger(__name__)


class Desk:
    """Write requests to the store, which is the truth, then to the queue, which the store can refill."""

    def __init__(self, settings: Settings) -> None:
        """Open the store and the queue that the settings name. Raises StoreUnavailable."""
        self.store = Store(settings.database_url)
        self.queue = Queue(settings.database_url)

    def close(self) -> None:
        """Close the connections."""
        self.queue.close()
        self.store.close()

    def submit(self, recipe: Recipe, origin: Origin) -> Run:
        """Submit a new run. Raises StoreUnavailable."""
        run = self.store.add(recipe, origin)
        self._announce()
        return run

    def extend(self, run_id: str, more: int) -> Run:
        """Submit more epochs of a run that has ended. Raises UnknownRun, RunConflict, InvalidRecipe."""
        run = self.store.run(run_id)
        done = len(run.epochs)
        if not done:
            raise RunConflict("The run has no finished epoch to continue from; start a new run.")
        if type(more) is not int or not 1 <= more <= MAX_EPOCHS - done:
            raise InvalidRecipe(
                "{more!r} more epochs are not possible; the run has {done} and may have at most {most} in all.",
                more=more, done=done, most=MAX_EPOCHS,
            )  # fmt: skip
        run = self.store.extend(run_id, done + more)
        self._announce()
        return run

    def stop(self, run_id: str) -> Run:
        """Request that a run stops; the network of its last finished epoch is kept. Raises UnknownRun."""
        return self.store.request_stop(run_id)

    def request(self, run_id: str, name: ComputationName) -> Computation:
        """Submit an analysis job of an ended run. A queued, running or finished one stays as it is.

        Raises UnknownRun, RunConflict.
        """
        computation = self.store.computations.request(run_id, name)
        self._announce()
        return computation

    def delete(self, run_id: str) -> None:
        """Delete a run. Raises UnknownRun, and RunConflict while it trains."""
        self.store.delete(run_id)

    def recover(self, idle_worker: str | None = None) -> None:
        """Requeue the jobs of dead workers, of `idle_worker`, and those missing in the queue."""
        self.store.reap(idle_worker)
        self._fill_queue()

    def _announce(self) -> None:
        try:
            self._fill_queue()
        except StoreUnavailable as error:  # the request is recorded, and every worker fills the queue again
            log.warning("%s", error)

    def _fill_queue(self) -> None:
        queued = set(self.queue.ids())
        for run_id, position in self.store.waiting().items():
            if run_id not in queued:
                self.queue.put(run_id, position)
