"""A batch as two halves that are computed side by side, each by half of the cores.

An operation that is spread over the cores ends when the slowest of them does, and a training is some hundred short
operations a batch: docs/decisions/013.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from fmnist.system import hardware
from fmnist.training.gradient_pieces import InPieces

SIDES = 2


def spread() -> None:
    """Give each operation half of the cores. Before TensorFlow computes anything."""
    tf.config.threading.set_intra_op_parallelism_threads(max(1, hardware.cores() // SIDES))


class InHalves(keras.Model):
    """A network of images, which sees each half of a batch by itself, and so normalises by it (arXiv 1705.08741).

    While it is trained by this model, its layer `resting`, if any, and what normalises it stay as they are. While
    `tells` is true, `heard` is given the epoch's loss and accuracy so far after every batch, also where Keras comes
    back only after several; so it is to be compiled with the metric "accuracy". To tell of all would cost 4 to 8 %
    of the speed.
    """

    def __init__(self, network: keras.Model, resting: str | None = None) -> None:
        super().__init__()
        self.network = network
        self._resting = resting
        self.tells = tf.Variable(False)
        self.heard: Callable[[float, float], None] = lambda loss, accuracy: None
        self.built = True  # as the network is; Keras saves and restores only what is built

    @property
    def trainable_weights(self) -> list[keras.Variable]:
        """What `fit` trains."""
        everything = super().trainable_weights
        return [weight for weight in everything if not self._resting or f"/{self._resting}" not in weight.path]

    def train_step(self, data: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Keras's own, which then may tell how the epoch is going."""
        logs = super().train_step(data)

        def tell() -> bool:
            tf.numpy_function(lambda *how: self.heard(*how), [logs["loss"], logs["accuracy"]], [])
            return True

        if not self.jit_compile:  # XLA, on a GPU, has no way back to Python
            tf.cond(self.tells, tell, lambda: False)
        return logs

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """What the network says of the images (n, …), whatever their number.

        Where it is odd, both halves see the image in the middle; what the second says of it is not used.
        """
        number = tf.shape(images)[0]
        half = (number + 1) // SIDES
        first, second = (self.network(side, training=training) for side in (images[:half], images[number - half :]))
        return tf.concat([first, second[SIDES * half - number :]], axis=0)


class LargeInHalves(InHalves, InPieces):
    """The same for batches that are taken piece by piece, each piece in halves."""
