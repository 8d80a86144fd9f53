"""Ghost batches: the two halves of a batch are computed in parallel, each by half of the cores.

An operation that is spread over all cores ends when the slowest of them does, and a training step is some hundred short
operations: docs/decisions/013.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from fmnist.system import hardware
from fmnist.training.gradient_accumulation import GradientAccumulation

SIDES = 2


def split_cores() -> None:
    """Give each operation half of the cores. Call it before TensorFlow computes anything."""
    tf.config.threading.set_intra_op_parallelism_threads(max(1, hardware.cores() // SIDES))


class GhostBatchModel(keras.Model):
    """A network whose batch normalisation takes the statistics of each half of a batch (arXiv 1705.08741).

    `frozen_layer` and its normalisation are not trained. While `report_batches` is true, `on_batch` is called after
    every batch with the epoch's cross-entropy and accuracy so far, even where Keras runs several batches a call;
    compile the model with metrics of both names. To report all batches would cost 4 to 8 % of the speed.
    """

    def __init__(self, network: keras.Model, frozen_layer: str | None = None) -> None:
        super().__init__()
        self.network = network
        self._frozen_layer = frozen_layer
        self.report_batches = tf.Variable(False)
        self.on_batch: Callable[[float, float], None] = lambda loss, accuracy: None
        self.built = True  # as the network is; Keras saves and restores only what is built

    @property
    def trainable_weights(self) -> list[keras.Variable]:
        """The weights that `fit` trains."""
        weights = super().trainable_weights
        return [weight for weight in weights if not self._frozen_layer or f"/{self._frozen_layer}" not in weight.path]

    def train_step(self, data: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Take Keras's training step, then call `on_batch` while `report_batches` is true."""
        logs = super().train_step(data)

        def report() -> bool:
            tf.numpy_function(lambda *metrics: self.on_batch(*metrics), [logs["cross_entropy"], logs["accuracy"]], [])
            return True

        if not self.jit_compile:  # XLA, on a GPU, has no way back to Python
            tf.cond(self.report_batches, report, lambda: False)
        return logs

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Return the network's outputs for images (n, …).

        Where n is odd, both halves contain the image in the middle; its output of the second half is dropped.
        """
        number = tf.shape(images)[0]
        half = (number + 1) // SIDES
        first, second = (self.network(side, training=training) for side in (images[:half], images[number - half :]))
        return tf.concat([first, second[SIDES * half - number :]], axis=0)


class LargeGhostBatchModel(GhostBatchModel, GradientAccumulation):
    """A GhostBatchModel for large batches: each micro-batch is split in halves."""
