"""The teachers of Best: residual networks of 464,000 parameters each, of which only the soft labels are kept.

He et al. 2016, https://arxiv.org/abs/1603.05027, on a fraction of the width. The predictions are out-of-fold: each
teacher is trained without one fold and predicts that fold, because predictions for training images are nearer to their
labels, the wrong ones among them.
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
from fmnist.training.augmentation import SHIFT, augment
from fmnist.training.compiled_metrics import compiled_metrics
from fmnist.training.ghost_batch import GhostBatchModel
from fmnist.training.layers.normalization import FastBatchNormalization
from fmnist.training.learner import precision
from fmnist.training.loop import order
from fmnist.training.normalized_network import DEVIATION, MEAN
from fmnist.training.optim.muon import Muon, ema_momentum_over
from fmnist.training.optim.schedule import warmup_and_decay, warmup_cosine

# Folds and width were chosen by their time, the others once on the held-out images; not searched further.
FOLDS, EPOCHS, BATCH_SIZE, LEARNING_RATE, LABEL_SMOOTHING, WIDTH = 5, 16, 256, 0.03, 0.05, 32
# The final share of the learning rate, and the epochs of the moving average.
FINAL_LR, EMA_EPOCHS = 0.02, 0.5
# Images for the normalisation's statistics, and a batch of predictions.
BN_SAMPLES, PREDICT_BATCH = 1_000, 250

Report = Callable[[str], None]


def predict_out_of_fold(images: np.ndarray, labels: np.ndarray, report: Report) -> np.ndarray:
    """Return the teachers' logits, float32 (n, 10), for images uint8 (n, 28, 28), the first of which have labels.

    Mean logits over six shifted and flipped views: of the teacher that was not trained on the image where it has a
    label, else of all teachers; calibrated by one temperature, because label smoothing leaves them underconfident. An
    interrupted training resumes; `report` receives a line an epoch.
    """
    folder = user_cache_path("fmnist", appauthor=False) / "teachers"
    folder.mkdir(parents=True, exist_ok=True)
    logits = np.zeros((len(images), 10), np.float32)
    unlabelled = np.arange(len(labels), len(images))
    for fold in range(FOLDS):
        left_out = np.arange(len(labels)) % FOLDS == fold
        predicted = np.concatenate([np.flatnonzero(left_out), unlabelled])
        file = folder / f"{fold}.npy"
        if not file.exists():
            trained = np.flatnonzero(~left_out)
            report_fold = partial(_report_fold, report, fold)
            model = train_teacher(images[trained], labels[trained], folder / str(fold), report_fold)
            buffer = io.BytesIO()
            np.save(buffer, np.mean([_logits(model, view) for view in _views(images[predicted])], axis=0))
            write_atomically({file: buffer.getvalue()})
        logits[predicted] += np.load(file)
    rmtree(folder)
    logits[unlabelled] /= FOLDS
    return logits / np.float32(fit_temperature(logits[: len(labels)], labels))


def train_teacher(images: np.ndarray, labels: np.ndarray, folder: Path, report: Report) -> keras.Model:
    """Train a teacher on images (n, 28, 28) and labels (n,), resuming a training with this folder."""
    keras.utils.set_random_seed(0)
    network = _network(precision())
    model = GhostBatchModel(network)
    steps = ceil(len(images) / BATCH_SIZE)
    rate = warmup_cosine(LEARNING_RATE, *warmup_and_decay(EPOCHS * steps), FINAL_LR)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=LABEL_SMOOTHING)
    model.compile(Muon(rate, ema_momentum_over(EMA_EPOCHS * steps)), loss, metrics=compiled_metrics())
    signature = tf.TensorSpec((None, *IMAGE_SHAPE), tf.uint8), tf.TensorSpec((None, 10), tf.float32)
    batches = tf.data.Dataset.from_generator(lambda: _batches(images, labels), output_signature=signature)
    callbacks = [
        keras.callbacks.BackupAndRestore(folder),
        keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: report(
                f"epoch {epoch + 1}/{EPOCHS}  loss: {logs['loss']:.4f} - accuracy: {logs['accuracy']:.4f}"
            )
        ),
    ]
    model.fit(batches.prefetch(8), epochs=EPOCHS, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=callbacks)
    network(images[:BN_SAMPLES, ..., np.newaxis], training=True)
    return model


def write_soft_labels(logits: np.ndarray, path: Path) -> None:
    """Write the softmax of logits (n, 10) in ten-thousandths, uint16 (n, 10) under the name "probabilities"."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, probabilities=np.round(10_000 * softmax(logits)).astype(np.uint16))
    write_atomically({path: buffer.getvalue()})


def _report_fold(report: Report, fold: int, text: str) -> None:
    report(f"Teacher {fold + 1}/{FOLDS}, {text}")


def _network(dtype: str) -> keras.Model:
    layers = keras.layers

    def convolve(values: keras.KerasTensor, width: int, *, pooled: bool = False) -> keras.KerasTensor:
        values = layers.Conv2D(width, KERNEL, padding="same", use_bias=False, dtype=dtype)(values)
        values = layers.MaxPooling2D(dtype=dtype)(values) if pooled else values
        return layers.ReLU(dtype=dtype)(FastBatchNormalization(dtype=dtype)(values))

    def residual(values: keras.KerasTensor, width: int) -> keras.KerasTensor:
        return layers.Add(dtype=dtype)([values, convolve(convolve(values, width), width)])

    images = keras.Input(IMAGE_SHAPE, dtype="uint8")
    values = layers.Rescaling(1 / (255 * DEVIATION), -MEAN / DEVIATION, dtype=dtype)(images)
    values = convolve(values, WIDTH, pooled=True)
    values = residual(convolve(values, 2 * WIDTH), 2 * WIDTH)
    values = residual(convolve(values, 4 * WIDTH, pooled=True), 4 * WIDTH)
    values = layers.GlobalMaxPooling2D(dtype=dtype)(values)
    return keras.Model(images, layers.Dense(10, dtype="float32")(values), name="teacher")


def _batches(images: np.ndarray, labels: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    one_hot = np.eye(10, dtype=np.float32)[labels]
    for epoch in range(EPOCHS):
        random = np.random.default_rng([0, epoch])
        shuffled = order(0, epoch, len(images))
        for first in range(0, len(images), BATCH_SIZE):
            chosen = shuffled[first : first + BATCH_SIZE]
            yield augment(images[chosen], random)[..., np.newaxis], one_hot[chosen]


def _views(images: np.ndarray) -> Iterator[np.ndarray]:
    height, width = images.shape[1:]
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    for step in range(2 * SHIFT + 1):
        shifted = padded[:, step : step + height, step : step + width]
        yield from (shifted, shifted[:, :, ::-1])


def _logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return model.predict(images[..., np.newaxis], batch_size=PREDICT_BATCH, verbose=0)
