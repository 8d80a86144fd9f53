"""Trains a run that was claimed, from its last finished epoch to its end."""

import logging
from functools import partial
from typing import Any

from fmnist.data.dataset import Dataset
from fmnist.errors import FmnistError, RunConflict, StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.pulse import Pulse
from fmnist.runs.record import Run, Status
from fmnist.runs.store import Store
from fmnist.system import hardware

log = logging.getLogger(__name__)


class TrainingTask:
    """Trains one claimed run after the other with TensorFlow and the data ready."""

    def __init__(self, store: Store, pulse: Pulse, dataset: Dataset) -> None:
        # Imported here: TensorFlow takes seconds and half a gigabyte, which the losing one of two workers never needs.
        from fmnist.training import loop

        self._loop = loop
        self._store, self._pulse, self._dataset = store, pulse, dataset

    def warm_up(self, recipe: Recipe) -> None:
        """Do what can be done before somebody asks for a run of this recipe; at once where it is done already."""
        self._loop.warm_up(recipe)

    def take(self, run_id: str) -> bool:
        """Claim a run and bring it as far as it goes; False where it does not wait to be trained."""
        worker = self._pulse.worker
        if not self._store.claim(run_id, worker, hardware.describe()):
            return False
        with self._pulse.following(lambda progress: self._store.record_progress(run_id, worker, progress)):
            try:
                self._bring_to_its_end(run_id)
            except RunConflict as conflict:
                log.warning("%s", conflict)
        return True

    def _bring_to_its_end(self, run_id: str) -> None:
        try:
            self._train(self._store.run(run_id))
            self._end(self._store.run(run_id))
        except (RunConflict, StoreUnavailable):
            raise
        except FmnistError as error:
            self._finish(run_id, "failed", error)
        except Exception as error:
            log.exception("run %s failed", run_id)
            failure = FmnistError(
                "The training ended with an error: {error}. The worker's log has the details.",
                error=type(error).__name__,
            )
            self._finish(run_id, "failed", failure)

    def _train(self, run: Run) -> None:
        if run.stop_requested:
            return
        training, validation = self._dataset.training(run.recipe)
        results = self._loop.train(
            run.recipe, training, validation, self._dataset.test,
            epochs=run.target_epochs, resume=self._checkpoint(run),
            on_progress=self._pulse.report, should_stop=self._pulse.should_stop,
        )  # fmt: skip
        for result in results:
            logits, held_out, state = result.test_logits, result.held_out_logits, result.checkpoint.state
            epoch = (run.id, self._pulse.worker, result.metrics, result.weights, logits, state, held_out)
            self._pulse.insist(partial(self._store.record_epoch, *epoch))
            if self._pulse.should_stop():  # the next epoch asks too, but a second later, when it has begun
                return

    def _end(self, run: Run) -> None:
        if len(run.epochs) == run.target_epochs:
            self._finish(run.id, "succeeded")
        elif self._pulse.leaving.is_set():
            self._pulse.insist(lambda: self._store.release(run.id, self._pulse.worker))
        else:
            self._finish(run.id, "stopped")

    def _checkpoint(self, run: Run) -> Any:
        if not run.epochs:
            return None
        epoch = run.epochs[-1].epoch
        weights, state = self._store.weights(run.id, epoch), self._store.training_state(run.id)
        return self._loop.Checkpoint(epoch=epoch, weights=weights, state=state)

    def _finish(self, run_id: str, status: Status, failure: FmnistError | None = None) -> None:
        self._pulse.insist(lambda: self._store.finish(run_id, self._pulse.worker, status, failure))
