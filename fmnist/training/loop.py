"""Train a network epoch by epoch: yields what each epoch gave, reports progress, stops when asked.

`model.fit` does the work; what is added is that a run can be resumed, watched and stopped.
"""

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
from fmnist.training.augmentation import augmented
from fmnist.training.callbacks import Watcher, insist_finite
from fmnist.training.distillation.targets import targets
from fmnist.training.ghost_batch import SIDES
from fmnist.training.learner import Learner, learner_of
from fmnist.training.network import build, first_weights, load_weights
from fmnist.types import Arrays, EpochMetrics, Progress

# Images evaluated at once: as fast as any number, while 10,000 at once would take a gigabyte more.
CHUNK = 250


@dataclass(frozen=True)
class Checkpoint:
    """All that the next epoch needs: the network after `epoch`, and the learner's state besides."""

    epoch: int
    weights: Arrays
    state: Arrays


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

    `should_stop` is asked before every batch; once it is true the iterator ends without the epoch it was in, while
    an epoch whose last batch is trained still counts. Raises Diverged when the loss is no longer finite.
    """
    learner = prepared(recipe)
    if resume:
        learner.restore(resume.weights, resume.state)
    else:
        learner.start(recipe.seed)
    goal = targets(recipe, training.labels)
    network, logits_of = _evaluated()
    for epoch in range(resume.epoch + 1 if resume else 1, epochs + 1):
        if should_stop():
            return
        started = perf_counter()
        batches = _batches(recipe, epoch, training.images, goal)
        watcher = Watcher(recipe.batch_size, len(training), on_progress, should_stop)
        trainer = learner.trainer(epoch)
        history = trainer.fit(
            batches, initial_epoch=epoch - 1, epochs=epoch, shuffle=False, verbose=0, callbacks=[watcher]
        ).history
        if watcher.stopped:
            return
        seconds = perf_counter() - started
        checkpoint = Checkpoint(epoch, learner.network(training.images), learner.state())
        load_weights(network, checkpoint.weights)
        test_logits = rounded(logits_of(test.images))
        validation_logits = test_logits if validation is test else rounded(logits_of(validation.images))
        for logits in (test_logits, validation_logits):
            insist_finite(float(np.abs(logits).max()), epoch)
        metrics = EpochMetrics(
            epoch=epoch,
            loss=history["loss"][0],
            accuracy=history["accuracy"][0],
            val_loss=cross_entropy(validation_logits, validation.labels),
            val_accuracy=accuracy(validation_logits, validation.labels),
            test_accuracy=accuracy(test_logits, test.labels),
            seconds=seconds,
        )
        yield EpochResult(metrics, test_logits, None if validation is test else validation_logits, checkpoint)


def prepared(recipe: Recipe) -> Learner:
    """The recipe's learner, traced; at once where one was made for its optimizer before."""
    _evaluated()
    return learner_of(recipe)


@cache
def _evaluated() -> tuple[keras.Model, Callable[[np.ndarray], np.ndarray]]:
    """The network that is given every epoch's weights to be evaluated, and its forward pass, traced."""
    network = build(first_weights(0))
    logits_of = forward_pass(network)
    logits_of(np.zeros((CHUNK, 28, 28), np.uint8))
    return network, logits_of


def order(seed: int, epoch: int, images: int) -> np.ndarray:
    """The order of the images in an epoch; its own for every epoch, so that a resumed run needs no history."""
    return np.random.default_rng([seed, epoch]).permutation(images)


def _batches(recipe: Recipe, epoch: int, images: np.ndarray, goal: np.ndarray) -> tf.data.Dataset:
    """An epoch's batches of images uint8 (n, 28, 28, 1) and targets float32 (n, 10).

    NumPy gathers them, from the arrays that are there: a copy of them in TensorFlow would take 85 MB.
    """
    # Of the epoch, as the order is: a resumed run sees the images as it would have seen them.
    random = np.random.default_rng([recipe.seed, epoch, 1])
    shuffled = order(recipe.seed, epoch, len(images))

    def gathered(first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        indices = shuffled[first : first + recipe.batch_size]
        seen = augmented(images[indices], random) if recipe.augmentation else images[indices]
        return seen[..., np.newaxis], goal[indices]

    def batch(first: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        seen, aims = tf.numpy_function(gathered, [first], (tf.uint8, tf.float32))
        return tf.ensure_shape(seen, (None, *IMAGE_SHAPE)), tf.ensure_shape(aims, (None, goal.shape[1]))

    # One thread of its own, and some batches ahead: where it had to wait for a core at every batch, an epoch of Fast
    # took 3 seconds in one run and 5 in the next.
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1
    options.threading.max_intra_op_parallelism = 1
    options.autotune.enabled = False
    firsts = tf.data.Dataset.range(0, len(images), recipe.batch_size)
    return firsts.map(batch).prefetch(16).with_options(options)


def forward_pass(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """A function from images uint8 (n, 28, 28) to the network's outputs, float32 (n, outputs)."""

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8)])
    def forward(images: tf.Tensor) -> tf.Tensor:
        return model(tf.cast(images, tf.float32)[..., tf.newaxis] / 255, training=False)

    def outputs_of(images: np.ndarray) -> np.ndarray:
        with ThreadPoolExecutor(SIDES) as sides:
            chunks = list(sides.map(forward, (images[first : first + CHUNK] for first in range(0, len(images), CHUNK))))
        return np.concatenate(chunks)

    return outputs_of
