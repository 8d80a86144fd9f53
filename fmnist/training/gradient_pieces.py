"""A large batch, piece by piece: its gradient is the mean of its pieces', and only one piece's values are in memory."""

import keras
import numpy as np
import tensorflow as tf

# Images. After a run of Adam in batches of 2,048 a worker held 640 MB more than before; in pieces of 512, 25 MB more.
PIECE = 512


class InPieces(keras.Model):
    """Trained on batches larger than PIECE. A network that normalises by the batch normalises by each piece."""

    def compile(self, *arguments: object, **options: object) -> None:
        """As Keras does; and make the metrics' variables now, since none can be made inside a loop."""
        super().compile(*arguments, **options)
        self.compute_metrics(None, *np.zeros((2, 1, 10), np.float32))

    def train_step(self, data: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Add up the gradients of equal pieces and take one step; metrics are those of the whole batch."""
        images, targets = data
        number = tf.shape(images)[0]
        pieces = -(-number // PIECE)
        size = -(-number // pieces)

        def add_piece(first: tf.Tensor, *sums: tf.Tensor) -> tuple[tf.Tensor, ...]:
            seen, aims = images[first : first + size], targets[first : first + size]
            count = tf.shape(seen)[0]
            with tf.GradientTape() as tape:
                outputs = self(seen, training=True)
                loss = self.compute_loss(seen, aims, outputs)
            self._loss_tracker.update_state(loss, sample_weight=count)
            self.compute_metrics(seen, aims, outputs)
            share = tf.cast(count, tf.float32) / tf.cast(number, tf.float32)
            gradients = tape.gradient(loss, [weight.value for weight in self.trainable_weights])
            return first + size, *(total + share * each for total, each in zip(sums, gradients, strict=True))

        zeros = [tf.zeros(weight.shape) for weight in self.trainable_weights]
        _, *gradients = tf.while_loop(lambda first, *_: first < number, add_piece, (0, *zeros), parallel_iterations=1)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return self.get_metrics_result()


class NetworkInPieces(InPieces):
    """A network that is trained so. Not made functional: Keras would turn all classes above it functional, too."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.built = True  # as the network is

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """What the network says of the images."""
        return self.network(images, training=training)
