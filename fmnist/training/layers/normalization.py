"""Batch normalisation that is fast on a CPU."""

import keras
import tensorflow as tf


class FastBatchNormalization(keras.layers.BatchNormalization):
    """Keras's batch normalisation without a scale, of images (n, height, width, channels) or of vectors (n, channels).

    It keeps the last batch's statistics, not a moving average: recalibrate with a large batch before folding.
    Keras's own normalises images in float32, step by step: an epoch takes 1.6 times as long with it.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(scale=False, **options)

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Normalise by the batch's statistics and keep them while training, by the kept ones otherwise."""
        normalize = _normalize_images if len(inputs.shape) == 4 else _normalize_vectors
        statistics = None if training else (self.moving_mean.value, self.moving_variance.value)
        outputs, mean, variance = normalize(inputs, self.beta.value, self.epsilon, statistics)
        if training:
            self.moving_mean.assign(mean)
            self.moving_variance.assign(variance)
        return outputs


Statistics = tuple[tf.Tensor, tf.Tensor]


def _normalize_images(
    inputs: tf.Tensor, shift: tf.Tensor, epsilon: float, statistics: Statistics | None
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Normalise by TensorFlow's fused operation, which also fuses a following ReLU."""
    mean, variance = statistics or ([], [])
    outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=inputs, scale=tf.ones_like(shift), offset=shift, mean=mean, variance=variance,
        epsilon=epsilon, is_training=statistics is None,
    )  # fmt: skip
    return outputs, mean, variance


def _normalize_vectors(
    inputs: tf.Tensor, shift: tf.Tensor, epsilon: float, statistics: Statistics | None
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Normalise step by step: the fused operation takes about 1 ms for 54 channels, which is no multiple of 16."""
    values = tf.cast(inputs, tf.float32)
    mean = tf.reduce_mean(values, 0) if statistics is None else statistics[0]
    centered = values - mean
    variance = tf.reduce_mean(centered**2, 0) if statistics is None else statistics[1]
    return tf.cast(centered * tf.math.rsqrt(variance + epsilon) + shift, inputs.dtype), mean, variance
