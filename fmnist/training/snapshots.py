"""A Keras callback: takes snapshots of the network within an epoch. Those of an epoch's end are its checkpoints."""

from collections.abc import Callable
from math import ceil, inf
from time import perf_counter

import keras
import numpy as np

from fmnist.analysis.watched import WATCHED, answers, by_class, filters
from fmnist.data.dataset import Split
from fmnist.training.learner import Learner
from fmnist.types import Snapshot

# Seconds of training between two snapshots, and between two evaluations of the validation images.
INTERVAL = 1.0
VALIDATION_INTERVAL = 5.0
# On a slow machine they are rarer: they shall take at most so much of the training's time.
MAX_SHARE = 0.015
# Of the validation images: enough to draw their classes, and enough for the normalisation's statistics.
VALIDATION_IMAGES = 400
BN_IMAGES = 80


class SnapshotCallback(keras.callbacks.Callback):
    """Call `on_snapshot` about once a second of `fit`, the first time after the first batches.

    The network that trains is evaluated where it is: nothing that it trains is changed.
    """

    def __init__(
        self,
        learner: Learner,
        splits: tuple[Split, Split, Split],
        batch_size: int,
        on_snapshot: Callable[[Snapshot], None],
    ) -> None:
        """Evaluate the learner's network; `splits` are training, validation and test."""
        super().__init__()
        training, validation, test = splits
        self._learner, self._on_snapshot = learner, on_snapshot
        self._batches = ceil(len(training) / batch_size)
        self._images = np.concatenate([test.images[[*WATCHED]], validation.images[:VALIDATION_IMAGES]])
        self._labels = validation.labels[:VALIDATION_IMAGES]
        self._due = self._validation_due = -inf
        # Seconds of the epochs before this one.
        self.seconds = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Start the epoch's clock."""
        self._epoch, self._started = epoch, perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Take a snapshot where one is due, but not at the epoch's end."""
        seconds = self._trained()
        if batch + 1 < self._batches and seconds >= self._due:
            self._take(self._epoch + (batch + 1) / self._batches, seconds)
            self._due = seconds + max(INTERVAL, (self._trained() - seconds) / MAX_SHARE)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Wait for the next one: the checkpoint is a snapshot."""
        self._due = max(self._due, self._trained() + INTERVAL)

    def _trained(self) -> float:
        return self.seconds + perf_counter() - self._started

    def _take(self, epochs: float, seconds: float) -> None:
        watched = len(WATCHED)
        validates = seconds >= self._validation_due
        logits, weights = self._learner.evaluate(self._images[: None if validates else watched + BN_IMAGES])
        if not np.isfinite(logits).all():  # the training ends with its reason
            return
        if validates:
            self._right, self._taken_for = by_class(logits[watched:], self._labels)
            self._validation_due = seconds + VALIDATION_INTERVAL
        self._on_snapshot(
            Snapshot(
                epochs=round(epochs, 4),
                seconds=round(seconds, 2),
                answers=answers(logits[:watched]),
                filters=filters(weights),
                right=self._right,
                taken_for=self._taken_for,
            )
        )
