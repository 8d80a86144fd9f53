"""The larger networks that Best learns from: residual, 464,000 parameters each; only their answers are kept.

He et al. 2016, https://arxiv.org/abs/1603.05027, on a fraction of the width. Each teacher leaves a part of the images
out and answers about that part: what a network says of images that it has learned is nearer to their labels, the wrong
ones among them, than what it says of others.
"""

import io
from collections.abc import Callable, Iterator
from functools import partial
from math import ceil
from pathlib import Path
from shutil import rmtree

import keras
import numpy as np
import tensorflow as tf
from platformdirs import user_cache_path

from fmnist.analysis.calibration import fit_temperature
from fmnist.analysis.metrics import softmax
from fmnist.architecture import IMAGE_SHAPE, KERNEL
from fmnist.system.files import write_atomically
from fmnist.training.augmentation import SHIFT, augmented
from fmnist.training.ghost_batch import InHalves
from fmnist.training.layers.normalization import Normalisation
from fmnist.training.learner import precision
from fmnist.training.loop import order
from fmnist.training.normalized_network import DEVIATION, MEAN
from fmnist.training.optim.muon import Muon, ema_momentum_over

# Parts and width by the time that they take, the others once on the held-out images; not searched further.
PARTS, EPOCHS, BATCH_SIZE, LEARNING_RATE, SMOOTHING, WIDTH = 5, 16, 256, 0.03, 0.05, 32
# The share of the steps in which the rate rises, what is left of it in the end, and the epochs averaged.
RISE, LAST_RATE, AVERAGED = 0.1, 0.02, 0.5
# Images of which the statistics are taken, and that are asked at once.
MEASURED, ASKED = 1_000, 250

Say = Callable[[str], None]


def ask_teachers(images: np.ndarray, labels: np.ndarray, say: Say) -> np.ndarray:
    """What the teachers say of images uint8 (n, 28, 28), of which the first so many have labels: float32 (n, 10).

    Mean logits over six views, moved and mirrored; of an image with a label by the teacher that did not see it, of the
    others by all of them. One temperature makes them as sure as they are right: they aim at smoothed labels, and are
    less. An interrupted training goes on where it was; `say` hears of every epoch.
    """
    folder = user_cache_path("fmnist", appauthor=False) / "teachers"
    folder.mkdir(parents=True, exist_ok=True)
    logits = np.zeros((len(images), 10), np.float32)
    unlabelled = np.arange(len(labels), len(images))
    for part in range(PARTS):
        left_out = np.arange(len(labels)) % PARTS == part
        asked = np.concatenate([np.flatnonzero(left_out), unlabelled])
        answered = folder / f"{part}.npy"
        if not answered.exists():
            seen = np.flatnonzero(~left_out)
            model = train_teacher(images[seen], labels[seen], folder / str(part), partial(_say_which, say, part))
            buffer = io.BytesIO()
            np.save(buffer, np.mean([_logits(model, view) for view in _views(images[asked])], axis=0))
            write_atomically({answered: buffer.getvalue()})
        logits[asked] += np.load(answered)
    rmtree(folder)
    logits[unlabelled] /= PARTS
    return logits / np.float32(fit_temperature(logits[: len(labels)], labels))


def train_teacher(images: np.ndarray, labels: np.ndarray, folder: Path, say: Say) -> keras.Model:
    """Train one on images (n, 28, 28) and their labels (n,), going on where a training with this folder was."""
    keras.utils.set_random_seed(0)
    network = _network(precision())
    model = InHalves(network)
    steps = ceil(len(images) / BATCH_SIZE)
    rise = round(RISE * EPOCHS * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, EPOCHS * steps - rise, alpha=LAST_RATE, warmup_target=LEARNING_RATE, warmup_steps=rise
    )
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    model.compile(Muon(rate, ema_momentum_over(AVERAGED * steps)), loss, metrics=["accuracy"])
    signature = tf.TensorSpec((None, *IMAGE_SHAPE), tf.uint8), tf.TensorSpec((None, 10), tf.float32)
    batches = tf.data.Dataset.from_generator(lambda: _batches(images, labels), output_signature=signature)
    callbacks = [
        keras.callbacks.BackupAndRestore(folder),
        keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: say(
                f"epoch {epoch + 1}/{EPOCHS}  loss: {logs['loss']:.4f} - accuracy: {logs['accuracy']:.4f}"
            )
        ),
    ]
    model.fit(batches.prefetch(8), epochs=EPOCHS, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=callbacks)
    network(images[:MEASURED, ..., np.newaxis], training=True)
    return model


def write_answers(logits: np.ndarray, path: Path) -> None:
    """Write logits (n, 10) as probabilities in ten-thousandths, uint16 (n, 10) under the name "answers"."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, answers=np.round(10_000 * softmax(logits)).astype(np.uint16))
    write_atomically({path: buffer.getvalue()})


def _say_which(say: Say, part: int, words: str) -> None:
    say(f"Teacher {part + 1}/{PARTS}, {words}")


def _network(dtype: str) -> keras.Model:
    layers = keras.layers

    def convolved(values: keras.KerasTensor, width: int, *, pooled: bool = False) -> keras.KerasTensor:
        values = layers.Conv2D(width, KERNEL, padding="same", use_bias=False, dtype=dtype)(values)
        values = layers.MaxPooling2D(dtype=dtype)(values) if pooled else values
        return layers.ReLU(dtype=dtype)(Normalisation(dtype=dtype)(values))

    def residual(values: keras.KerasTensor, width: int) -> keras.KerasTensor:
        return layers.Add(dtype=dtype)([values, convolved(convolved(values, width), width)])

    images = keras.Input(IMAGE_SHAPE, dtype="uint8")
    values = layers.Rescaling(1 / (255 * DEVIATION), -MEAN / DEVIATION, dtype=dtype)(images)
    values = convolved(values, WIDTH, pooled=True)
    values = residual(convolved(values, 2 * WIDTH), 2 * WIDTH)
    values = residual(convolved(values, 4 * WIDTH, pooled=True), 4 * WIDTH)
    values = layers.GlobalMaxPooling2D(dtype=dtype)(values)
    return keras.Model(images, layers.Dense(10, dtype="float32")(values), name="teacher")


def _batches(images: np.ndarray, labels: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    certain = np.eye(10, dtype=np.float32)[labels]
    for epoch in range(EPOCHS):
        random = np.random.default_rng([0, epoch])
        shuffled = order(0, epoch, len(images))
        for first in range(0, len(images), BATCH_SIZE):
            chosen = shuffled[first : first + BATCH_SIZE]
            yield augmented(images[chosen], random)[..., np.newaxis], certain[chosen]


def _views(images: np.ndarray) -> Iterator[np.ndarray]:
    height, width = images.shape[1:]
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    for step in range(2 * SHIFT + 1):
        moved = padded[:, step : step + height, step : step + width]
        yield from (moved, moved[:, :, ::-1])


def _logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return model.predict(images[..., np.newaxis], batch_size=ASKED, verbose=0)
