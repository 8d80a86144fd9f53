"""Train a network epoch by epoch: yields what each epoch gave, reports progress, stops when asked.

`model.fit` does the work; what is added is that a run can be resumed, watched and stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, isfinite
from time import monotonic

import keras
import numpy as np
import tensorflow as tf

from fmnist.analysis.evaluation import accuracy, cross_entropy
from fmnist.data.dataset import Split
from fmnist.errors import Diverged
from fmnist.recipe import Recipe
from fmnist.training.network import Weights, build, load_weights, weights_of

# Often enough to look alive; reading the loss more often would make the training wait for it.
SECONDS_BETWEEN_REPORTS = 0.2
# Images evaluated at once: large enough to keep the cores busy, small enough to stay in their caches.
CHUNK = 500
FLOAT16_MAX = float(np.finfo(np.float16).max)


@dataclass(frozen=True)
class Progress:
    """Where the training is within an epoch; loss and accuracy are the epoch's means so far."""

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds_left_in_epoch: float


@dataclass(frozen=True)
class Checkpoint:
    """All that the next epoch needs: the weights and the optimizer's state after `epoch`, by name."""

    epoch: int
    weights: Weights
    optimizer: dict[str, np.ndarray]


@dataclass(frozen=True)
class EpochResult:
    """What one finished epoch gave.

    `loss` and `accuracy` are the training's, averaged while the weights changed, as Keras does. The others are
    counted from logits rounded to float16, so that whoever counts again from what is stored gets the same.
    `test_logits` is float16 (n, 10).
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_accuracy: float
    seconds: float
    evaluation_seconds: float
    test_logits: np.ndarray
    checkpoint: Checkpoint

    @property
    def weights(self) -> Weights:
        """The network after this epoch: float32 arrays by name."""
        return self.checkpoint.weights


def train(
    recipe: Recipe,
    training: Split,
    validation: Split,
    test: Split,
    *,
    epochs: int,
    resume: Checkpoint | None = None,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Iterator[EpochResult]:
    """Yield every epoch from the one after `resume` (else the first) to `epochs`.

    `should_stop` is asked before every batch; once it is true the iterator ends without the epoch it was in.
    Raises Diverged when the loss is no longer finite.
    """
    model = build(recipe.seed)
    optimizer = keras.optimizers.Adam(recipe.learning_rate, name="adam")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, metrics=["accuracy"])
    optimizer.build(model.trainable_variables)
    if resume:
        load_weights(model, resume.weights)
        for variable in optimizer.variables:
            variable.assign(resume.optimizer[variable.path])

    images, labels = tf.constant(training.images), tf.constant(training.labels)
    logits_of = _compiled(model)
    for epoch in range(resume.epoch + 1 if resume else 1, epochs + 1):
        started = monotonic()
        batches = _batches(images, labels, _order(recipe.seed, epoch, len(labels)), recipe.batch_size)
        watcher = _Watcher(recipe.batch_size, len(labels), on_progress, should_stop)
        history = model.fit(
            batches, initial_epoch=epoch - 1, epochs=epoch, shuffle=False, verbose=0, callbacks=[watcher]
        ).history
        if watcher.stopped:
            return
        trained = monotonic()
        test_logits = logits_of(test.images)
        validation_logits = test_logits if validation is test else logits_of(validation.images)
        yield EpochResult(
            epoch=epoch,
            loss=history["loss"][0],
            accuracy=history["accuracy"][0],
            val_loss=cross_entropy(validation_logits, validation.labels),
            val_accuracy=accuracy(validation_logits, validation.labels),
            test_accuracy=accuracy(test_logits, test.labels),
            seconds=trained - started,
            evaluation_seconds=monotonic() - trained,
            test_logits=test_logits,
            checkpoint=Checkpoint(epoch, weights_of(model), {v.path: v.numpy() for v in optimizer.variables}),
        )


class _Watcher(keras.callbacks.Callback):
    """Stops the fit when asked or when the loss is lost, and reports a few times a second."""

    def __init__(
        self,
        batch_size: int,
        images: int,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.batch_size, self.images = batch_size, images
        self.on_progress, self.should_stop = on_progress, should_stop
        self.batches = ceil(images / batch_size)
        self.stopped = False

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch = epoch + 1
        self.started = monotonic()
        self.reported = -SECONDS_BETWEEN_REPORTS

    def on_train_batch_end(self, batch: int, logs: dict) -> None:
        now = monotonic()
        if now - self.reported >= SECONDS_BETWEEN_REPORTS or batch + 1 == self.batches:
            self.report(batch + 1, float(logs["loss"]), float(logs["accuracy"]), now - self.started)
            self.reported = now
        if self.should_stop():
            self.stopped = self.model.stop_training = True

    def report(self, batch: int, loss: float, accuracy: float, seconds: float) -> None:
        if not isfinite(loss):
            raise Diverged(
                "The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
                loss=loss, epoch=self.epoch,
            )  # fmt: skip
        done = min(batch * self.batch_size, self.images)
        left = seconds * (self.images - done) / done
        self.on_progress(Progress(self.epoch, batch, self.batches, loss, accuracy, done / seconds, left))


def _order(seed: int, epoch: int, images: int) -> np.ndarray:
    """The order of the images in an epoch; its own for every epoch, so that a resumed run needs no history."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def _batches(images: tf.Tensor, labels: tf.Tensor, order: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """Batches of float32 images in [0, 1] and labels, gathered from uint8 so that no float copy is ever held."""

    def gathered(indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        batch = tf.cast(tf.gather(images, indices), tf.float32) / 255
        return batch[..., tf.newaxis], tf.gather(labels, indices)

    return tf.data.Dataset.from_tensor_slices(order).batch(batch_size).map(gathered).prefetch(2)


def _compiled(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """A function from uint8 (n, 28, 28) to float16 logits (n, 10)."""

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8)])
    def forward(images: tf.Tensor) -> tf.Tensor:
        return model(tf.cast(images, tf.float32)[..., tf.newaxis] / 255, training=False)

    def logits_of(images: np.ndarray) -> np.ndarray:
        chunks = [forward(images[first : first + CHUNK]) for first in range(0, len(images), CHUNK)]
        # A float16 ends at 65,504: further out a logit would become infinite and its softmax nothing.
        return np.concatenate(chunks).clip(-FLOAT16_MAX, FLOAT16_MAX).astype(np.float16)

    return logits_of
