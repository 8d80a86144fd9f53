"""Time of the parts of Fast's training step: python -m benchmarks.parts_of_a_batch.

Each part is timed with those before it, on one repeated batch, also in `fit`: the input pipeline is not included.
"""

import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

# First: it sets how TensorFlow computes.
import fmnist.training  # noqa: F401

# isort: split
import keras
import tensorflow as tf

from benchmarks.report import Figure, outputs, report
from fmnist.recipe import FAST
from fmnist.training.loop import warm_up

BATCHES = 20
REPEATS = 8


def milliseconds(train: Callable[[], tf.Tensor]) -> float:
    """Return the milliseconds a batch, from the fastest loop in TensorFlow; `train` returns a number to sum."""

    @tf.function
    def loop() -> tf.Tensor:
        total = tf.constant(0.0)
        for _ in tf.range(BATCHES):
            total += train()
        return total

    loop()
    took = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        loop().numpy()
        took.append(time.perf_counter() - started)
    return min(took) / BATCHES * 1000


def parts() -> list[Figure]:
    """Return the milliseconds a batch, each part with those before it."""
    learner = warm_up(FAST)
    learner.start(FAST.seed)
    model = learner.model
    random = np.random.default_rng(0)
    images = tf.constant(random.integers(0, 256, (FAST.batch_size, 28, 28, 1), np.uint8))
    targets = tf.one_hot(random.integers(0, 10, FAST.batch_size), 10)
    variables = model.trainable_variables

    def forward() -> tf.Tensor:
        return model.loss(targets, model(images, training=True))

    def gradients() -> tuple[tf.Tensor, list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            loss = forward()
        return loss, tape.gradient(loss, [variable.value for variable in variables])

    def backward() -> tf.Tensor:
        return tf.add_n([tf.reduce_sum(gradient) for gradient in gradients()[1]])

    def descent() -> tf.Tensor:
        loss, slopes = gradients()
        for variable, slope in zip(variables, slopes, strict=True):
            variable.assign_sub(1e-5 * slope)
        return loss

    def muon() -> tf.Tensor:
        loss, slopes = gradients()
        model.optimizer.apply(slopes, variables)
        return loss

    steps = {"forward": forward, "and backward": backward, "and plain descent": descent, "and Muon instead": muon}
    figures = [Figure(name, milliseconds(step), "ms") for name, step in steps.items()]
    return [*figures, Figure("by fit, with all that it adds", _by_fit(model, images, targets), "ms")]


def _by_fit(model: keras.Model, images: tf.Tensor, targets: tf.Tensor) -> float:
    batches = BATCHES * REPEATS
    same = tf.data.Dataset.from_tensors((images, targets)).repeat(batches)
    took = []
    for _ in range(4):  # the first may trace
        started = time.perf_counter()
        model.fit(same, verbose=0, shuffle=False)
        took.append(time.perf_counter() - started)
    return min(took) / batches * 1000


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the parts."""
    report(f"A batch of {FAST.batch_size} images", parts(), file)


if __name__ == "__main__":
    main()
