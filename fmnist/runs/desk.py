"""What a page or a command may ask of runs, checked here because a client can bypass any form."""

from fmnist.errors import InvalidRecipe, RunConflict
from fmnist.recipe import LIMITS, Recipe
from fmnist.runs.queue import Queue
from fmnist.runs.record import Origin, Run
from fmnist.runs.store import Store
from fmnist.settings import Settings

MOST_EPOCHS = int(LIMITS["epochs"][1])


class Desk:
    """Takes requests: the store first, which is the truth, then the queue, which the store can fill again."""

    def __init__(self, settings: Settings) -> None:
        """Open the store and the queue that the settings name. Raises StoreUnavailable."""
        self.store = Store(settings.database_url)
        self.queue = Queue(settings.database_url)

    def submit(self, recipe: Recipe, origin: Origin) -> Run:
        """Ask for a new run."""
        run = self.store.add(recipe, origin)
        self.queue.put(run.id)
        return run

    def extend(self, run_id: str, more: int) -> Run:
        """Ask for more epochs of a run that has ended. Raises UnknownRun, RunConflict, InvalidRecipe."""
        run = self.store.run(run_id)
        if not run.epochs:
            raise RunConflict("The run has no finished epoch to go on from; start a new run.")
        target = len(run.epochs) + more
        if type(more) is not int or more < 1 or target > MOST_EPOCHS:
            raise InvalidRecipe(
                "{more!r} more epochs are not possible; the run has {done} and may have at most {most} in all.",
                more=more, done=len(run.epochs), most=MOST_EPOCHS,
            )  # fmt: skip
        run = self.store.extend(run_id, target)
        self.queue.put(run.id)
        return run

    def stop(self, run_id: str) -> Run:
        """Ask a run to end; its last finished epoch's network is kept. Raises UnknownRun."""
        return self.store.request_stop(run_id)

    def delete(self, run_id: str) -> None:
        """Forget a run. Raises UnknownRun, and RunConflict while it trains."""
        self.store.delete(run_id)

    def recover(self) -> None:
        """Put back what died workers left, and what the queue lost."""
        self.store.reap()
        queued = set(self.queue.ids())
        for run in reversed(self.store.runs()):
            if run.status == "queued" and run.id not in queued:
                self.queue.put(run.id)
