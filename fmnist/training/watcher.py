"""Watches the batches of an epoch: reports where it is, ends it when asked or when the loss is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isfinite
from time import perf_counter

import keras

from fmnist.errors import Diverged

# Often enough to look alive; reading the loss more often would make the training wait for it.
SECONDS_BETWEEN_REPORTS = 0.2


@dataclass(frozen=True)
class Progress:
    """Where the training is within an epoch; loss and accuracy are the epoch's means so far.

    The first comes with the second batch, or with the first few where several are trained at once.
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds_left_in_epoch: float


class Watcher(keras.callbacks.Callback):
    """Keras's view of one epoch, turned into `on_progress` and `should_stop`; raises Diverged.

    `stopped` says that the epoch was left before its last batch.
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
        """Start the epoch's clock."""
        self.epoch = epoch + 1
        self.timed_from, self.timed_images = perf_counter(), 0
        self.reported = -inf

    def on_train_batch_end(self, batch: int, logs: dict) -> None:
        """Report when it is time to, and ask whether to go on."""
        now, done = perf_counter(), min((batch + 1) * self.batch_size, self.images)
        last = done == self.images
        if batch == 0 and not last:
            # A single batch, and it waited for the data's pipeline to start: no measure of the others' speed.
            self.timed_from, self.timed_images = now, done
        elif last or now - self.reported >= SECONDS_BETWEEN_REPORTS:
            loss, accuracy = float(logs["loss"]), float(logs["accuracy"])
            insist_finite(loss, self.epoch)
            speed = (done - self.timed_images) / (now - self.timed_from)
            left = (self.images - done) / speed
            # Several batches are trained at once, and Keras counts as many where the last ones are fewer.
            batches_done = min(batch + 1, self.batches)
            self.on_progress(Progress(self.epoch, batches_done, self.batches, loss, accuracy, speed, left))
            self.reported = now
        if not last and self.should_stop():
            self.stopped = self.model.stop_training = True


def insist_finite(loss: float, epoch: int) -> None:
    """Raise Diverged unless the loss is a number."""
    if not isfinite(loss):
        raise Diverged(
            "The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
            loss=str(loss),  # as text, because JSON, in which a failure is stored, has no nan
            epoch=epoch,
        )
