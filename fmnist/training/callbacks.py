"""A Keras callback: reports the progress of an epoch, ends it on request or when the loss is not finite."""

from collections.abc import Callable
from math import ceil, inf, isfinite
from time import perf_counter

import keras

from fmnist.errors import Diverged
from fmnist.training.ghost_batch import GhostBatchModel
from fmnist.types import Progress

# Reading the loss more often would make the training wait for it.
SECONDS_BETWEEN_REPORTS = 0.25


class ProgressCallback(keras.callbacks.Callback):
    """Call `on_progress` and `should_stop` during one epoch of `fit`; raises Diverged.

    The first progress comes with the second batch; on a GPU, where several are trained at once, with the first few.
    `stopped` is true when the epoch ended before its last batch.
    """

    def __init__(
        self,
        batch_size: int,
        images: int,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.batch_size, self.images, self.batches = batch_size, images, ceil(images / batch_size)
        self.on_progress, self.should_stop = on_progress, should_stop
        self.stopped = False

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Start the epoch's clock, and let a GhostBatchModel report its first batches one by one."""
        self.epoch, self.batch, self.loss = epoch + 1, 0, 0.0
        self.timed_from, self.timed_batch = perf_counter(), 0
        self.reported = -inf
        self._set_batch_reports(True)

    def on_train_batch_end(self, batch: int, logs: dict) -> None:
        """Report the progress and call `should_stop`, after one batch or after several that are trained at once."""
        # Keras counts as many where the last ones are fewer.
        batch = min(batch + 1, self.batches)
        if batch > self.batch:  # not reported by the model
            self._on_batch(batch, logs["cross_entropy"], logs["accuracy"])
        self._set_batch_reports(False)
        check_finite(self.loss, self.epoch)
        if batch < self.batches and self.should_stop():
            self.stopped = self.model.stop_training = True

    def _set_batch_reports(self, report: bool) -> None:
        if isinstance(self.model, GhostBatchModel):
            self.model.on_batch = self._on_next_batch
            self.model.report_batches.assign(report)

    def _on_next_batch(self, loss: float, accuracy: float) -> None:
        self._on_batch(self.batch + 1, loss, accuracy)

    def _on_batch(self, batch: int, loss: float, accuracy: float) -> None:
        """Report at most every SECONDS_BETWEEN_REPORTS. A loss that is not finite ends the epoch elsewhere."""
        self.batch, now = batch, perf_counter()
        last = batch == self.batches
        if batch == 1 and not last:
            # The first batch includes the start of the data pipeline: no measure of the others' speed.
            self.timed_from, self.timed_batch = now, batch
        elif last or now - self.reported >= SECONDS_BETWEEN_REPORTS:
            self.loss = float(loss)
            if isfinite(self.loss):
                self.on_progress(self._progress(float(accuracy), now))
            self.reported = now

    def _progress(self, accuracy: float, now: float) -> Progress:
        done, before = (min(batch * self.batch_size, self.images) for batch in (self.batch, self.timed_batch))
        speed = (done - before) / (now - self.timed_from)
        left = (self.images - done) / speed
        return Progress(self.epoch, self.batch, self.batches, self.loss, accuracy, speed, left)


def check_finite(loss: float, epoch: int) -> None:
    """Raise Diverged unless the loss is a number."""
    if not isfinite(loss):
        raise Diverged(
            "The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
            loss=str(loss),  # as text, because JSON, in which a failure is stored, has no nan
            epoch=epoch,
        )
