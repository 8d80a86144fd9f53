"""Training of a claimed run, from its last finished epoch to its end."""

import logging
from functools import partial
from typing import Any

from fmnist.data.dataset import Dataset
from fmnist.errors import FmnistError, RunConflict, StoreUnavailable
from fmnist.recipe import Recipe
from fmnist.runs.heartbeat import WorkerHeartbeat
from fmnist.runs.record import Run, Status
from fmnist.runs.store import Store
from fmnist.system import hardware

log = logging.getLogger(__name__)


class TrainingTask:
    """Train claimed runs, with TensorFlow and the data loaded."""

    def __init__(self, store: Store, heartbeat: WorkerHeartbeat, dataset: Dataset) -> None:
        # Imported here: the second of two starting workers ends without TensorFlow, which takes seconds and .5 GB.
        from fmnist.training import loop

        self._loop = loop
        self._store, self._heartbeat, self._dataset = store, heartbeat, dataset

    def warm_up(self, recipe: Recipe) -> None:
        """Trace the recipe's model ahead of its first run; each optimizer's is traced once."""
        self._loop.warm_up(recipe)

    def take(self, run_id: str) -> bool:
        """Claim and train a run; return False where it is not queued."""
        worker = self._heartbeat.worker
        if not self._store.claim(run_id, worker, hardware.describe()):
            return False
        with self._heartbeat.tracking(lambda progress: self._store.record_progress(run_id, worker, progress)):
            try:
                self._train_and_finish(run_id)
            except RunConflict as conflict:
                log.warning("%s", conflict)
        return True

    def _train_and_finish(self, run_id: str) -> None:
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
        training, validation = self._dataset.train_validation_split(run.recipe)
        results = self._loop.train(
            run.recipe, training, validation, self._dataset.test,
            epochs=run.target_epochs, resume=self._checkpoint(run),
            on_progress=self._heartbeat.report, should_stop=self._heartbeat.should_stop,
        )  # fmt: skip
        for result in results:
            logits, held_out, state = result.test_logits, result.held_out_logits, result.checkpoint.state
            epoch = (run.id, self._heartbeat.worker, result.metrics, result.weights, logits, state, held_out)
            self._heartbeat.retry_until_stored(partial(self._store.record_epoch, *epoch))
            if self._heartbeat.should_stop():  # the next epoch also calls it, but a second later
                return

    def _end(self, run: Run) -> None:
        if len(run.epochs) == run.target_epochs:
            self._finish(run.id, "succeeded")
        elif self._heartbeat.leaving.is_set():
            self._heartbeat.retry_until_stored(lambda: self._store.release(run.id, self._heartbeat.worker))
        else:
            self._finish(run.id, "stopped")

    def _checkpoint(self, run: Run) -> Any:
        if not run.epochs:
            return None
        epoch = run.epochs[-1].epoch
        weights, state = self._store.weights(run.id, epoch), self._store.training_state(run.id)
        return self._loop.Checkpoint(epoch=epoch, weights=weights, state=state)

    def _finish(self, run_id: str, status: Status, failure: FmnistError | None = None) -> None:
        self._heartbeat.retry_until_stored(lambda: self._store.finish(run_id, self._heartbeat.worker, status, failure))
