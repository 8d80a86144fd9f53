"""The metrics of a training: comparable between recipes, whatever targets are learned from."""

import keras
import tensorflow as tf


def compiled_metrics() -> list[str | keras.metrics.Metric]:
    """Return the metrics "accuracy" and "cross_entropy", for targets (n, 10) whose true class is the most probable.

    The loss that is minimized is higher than the cross-entropy where targets are smoothed or soft labels.
    """
    return ["accuracy", keras.metrics.MeanMetricWrapper(true_class_cross_entropy, name="cross_entropy")]


def true_class_cross_entropy(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the cross-entropy of logits (n, 10) and the most probable class of each target, float32 (n,)."""
    return keras.losses.sparse_categorical_crossentropy(tf.argmax(targets, axis=-1), logits, from_logits=True)
