"""The training loop: `model.fit` an epoch at a time, so that a run can be resumed, followed and stopped."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from time import perf_counter

import keras
import numpy as np
import tensorflow as tf

from fmnist.analysis.metrics import accuracy, cross_entropy, rounded
from fmnist.architecture import IMAGE_SHAPE
from fmnist.data.dataset import Split
from fmnist.recipe import Recipe
from fmnist.training.augmentation import augment
from fmnist.training.callbacks import ProgressCallback, check_finite
from fmnist.training.distillation.targets import targets
from fmnist.training.ghost_batch import SIDES
from fmnist.training.learner import Learner, learner_of
from fmnist.training.network import build, initial_weights, set_weights
from fmnist.training.snapshots import SnapshotCallback
from fmnist.types import Arrays, EpochMetrics, Progress, Snapshot

# Images evaluated at once: as fast as any number, while 10,000 at once would take a gigabyte more.
CHUNK = 250


@dataclass(frozen=True)
class Checkpoint:
    """The plain network and the learner's state after `epoch` and so many seconds: all that the next epoch needs."""

    epoch: int
    weights: Arrays
    state: Arrays
    seconds: float = 0.0


@dataclass(frozen=True)
class EpochResult:
    """The result of a finished epoch.

    `test_logits` is (n, 10); so is `held_out_logits`, None where the validation is on the test set.
    """

    metrics: EpochMetrics
    test_logits: np.ndarray
    held_out_logits: np.ndarray | None
    checkpoint: Checkpoint

    @property
    def weights(self) -> Arrays:
        """The network's weights after this epoch: float32 arrays by name."""
        return self.checkpoint.weights


def train(
    recipe: Recipe,
    training: Split,
    validation: Split,
    test: Split,
    *,
    epochs: int,
    resume: Checkpoint | None = None,
    learning_rate: float | None = None,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    on_snapshot: Callable[[Snapshot], None] | None = None,
) -> Iterator[EpochResult]:
    """Yield every epoch from the one after `resume` (else the first) to `epochs`.

    With `learning_rate`, it is their constant learning rate in place of the recipe's, or of its schedule.
    `should_stop` is called before every batch; once it returns true the iterator ends without the current epoch, unless
    its last batch is trained. `on_snapshot` is called about once a second, but not at an epoch's end. Raises Diverged
    when the loss is no longer finite.
    """
    learner = warm_up(recipe)
    if learning_rate is not None:
        learner.set_constant_rate(learning_rate)
    if resume:
        learner.restore(resume.weights, resume.state)
    else:
        learner.start(recipe.seed)
    labels = targets(recipe, training.labels)
    trained = resume.seconds if resume else 0.0
    snapshots = on_snapshot and SnapshotCallback(learner, (training, validation, test), recipe.batch_size, on_snapshot)
    for epoch in range(resume.epoch + 1 if resume else 1, epochs + 1):
        if should_stop():
            return
        started = perf_counter()
        batches = _batches(recipe, epoch, training.images, labels)
        callback = ProgressCallback(recipe.batch_size, len(training), on_progress, should_stop)
        callbacks: list[keras.callbacks.Callback] = [callback]
        if snapshots:
            snapshots.seconds = trained
            callbacks.append(snapshots)
        history = (
            learner.model_for(epoch)
            .fit(batches, initial_epoch=epoch - 1, epochs=epoch, shuffle=False, verbose=0, callbacks=callbacks)
            .history
        )
        if callback.stopped:
            return
        seconds = perf_counter() - started
        trained += seconds
        checkpoint = Checkpoint(epoch, learner.folded_weights(training.images), learner.state(), trained)
        yield _result(checkpoint, history, seconds, validation, test)


def _result(
    checkpoint: Checkpoint, history: dict[str, list[float]], seconds: float, validation: Split, test: Split
) -> EpochResult:
    """Evaluate a finished epoch. Raises Diverged when a logit is not finite."""
    network, logits_of = _evaluated()
    set_weights(network, checkpoint.weights)
    test_logits = rounded(logits_of(test.images))
    validation_logits = test_logits if validation is test else rounded(logits_of(validation.images))
    for logits in (test_logits, validation_logits):
        check_finite(float(np.abs(logits).max()), checkpoint.epoch)
    metrics = EpochMetrics(
        epoch=checkpoint.epoch,
        loss=history["cross_entropy"][0],
        accuracy=history["accuracy"][0],
        val_loss=cross_entropy(validation_logits, validation.labels),
        val_accuracy=accuracy(validation_logits, validation.labels),
        test_accuracy=accuracy(test_logits, test.labels),
        seconds=seconds,
    )
    return EpochResult(metrics, test_logits, None if validation is test else validation_logits, checkpoint)


def warm_up(recipe: Recipe) -> Learner:
    """Return the recipe's learner, traced; each optimizer's is traced once a process."""
    _evaluated()
    return learner_of(recipe)


@cache
def _evaluated() -> tuple[keras.Model, Callable[[np.ndarray], np.ndarray]]:
    """Return the network that evaluates every epoch's weights, and its forward pass, traced."""
    network = build(initial_weights(0))
    logits_of = forward_pass(network)
    logits_of(np.zeros((CHUNK, 28, 28), np.uint8))
    return network, logits_of


def order(seed: int, epoch: int, images: int) -> np.ndarray:
    """Return the permutation of the images in an epoch, a function of the epoch, so that a run can be resumed."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def _batches(recipe: Recipe, epoch: int, images: np.ndarray, labels: np.ndarray) -> tf.data.Dataset:
    """Return an epoch's batches of images uint8 (n, 28, 28, 1) and targets float32 (n, 10).

    NumPy gathers them: a copy of the arrays in TensorFlow would take 85 MB.
    """
    # A function of the epoch, as the order is: a resumed run is augmented as an uninterrupted one.
    random = np.random.default_rng([recipe.seed, epoch, 1])
    shuffled = order(recipe.seed, epoch, len(images))

    def gather(first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        indices = shuffled[first : first + recipe.batch_size]
        inputs = augment(images[indices], random) if recipe.augmentation else images[indices]
        return inputs[..., np.newaxis], labels[indices]

    def batch(first: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        inputs, aims = tf.numpy_function(gather, [first], (tf.uint8, tf.float32))
        return tf.ensure_shape(inputs, (None, *IMAGE_SHAPE)), tf.ensure_shape(aims, (None, labels.shape[1]))

    # One thread of its own, and prefetched batches: when every batch waited for a core, an epoch of Fast took between
    # 3 and 5 seconds.
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1
    options.threading.max_intra_op_parallelism = 1
    options.autotune.enabled = False
    firsts = tf.data.Dataset.range(0, len(images), recipe.batch_size)
    return firsts.map(batch).prefetch(16).with_options(options)


def forward_pass(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from images uint8 (n, 28, 28) to the model's outputs, float32 (n, outputs)."""

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8)])
    def forward(images: tf.Tensor) -> tf.Tensor:
        return model(tf.cast(images, tf.float32)[..., tf.newaxis] / 255, training=False)

    def outputs_of(images: np.ndarray) -> np.ndarray:
        with ThreadPoolExecutor(SIDES) as sides:
            chunks = list(sides.map(forward, (images[first : first + CHUNK] for first in range(0, len(images), CHUNK))))
        return np.concatenate(chunks)

    return outputs_of
