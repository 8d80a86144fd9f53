"""Gradient accumulation: a large batch in micro-batches, of which only one has its activations in memory."""

import keras
import numpy as np
import tensorflow as tf

# Images. A run of Adam in batches of 2,048 left a worker with 640 MB more than before; in micro-batches of 512, 25 MB.
MICRO_BATCH = 512


class GradientAccumulation(keras.Model):
    """A model that is trained on batches larger than MICRO_BATCH; batch normalisation is by micro-batch."""

    def compile(self, *arguments: object, **options: object) -> None:
        """Compile as Keras does, and make the metrics' variables, since none can be made inside a loop."""
        super().compile(*arguments, **options)
        self.compute_metrics(None, *np.zeros((2, 1, 10), np.float32))

    def train_step(self, data: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Accumulate the gradients of equal micro-batches and take one step; metrics are those of the whole batch."""
        images, targets = data
        number = tf.shape(images)[0]
        micro_batches = -(-number // MICRO_BATCH)
        size = -(-number // micro_batches)

        def accumulate(first: tf.Tensor, *sums: tf.Tensor) -> tuple[tf.Tensor, ...]:
            inputs, labels = images[first : first + size], targets[first : first + size]
            count = tf.shape(inputs)[0]
            with tf.GradientTape() as tape:
                outputs = self(inputs, training=True)
                loss = self.compute_loss(inputs, labels, outputs)
            self._loss_tracker.update_state(loss, sample_weight=count)
            self.compute_metrics(inputs, labels, outputs)
            share = tf.cast(count, tf.float32) / tf.cast(number, tf.float32)
            gradients = tape.gradient(loss, [weight.value for weight in self.trainable_weights])
            return first + size, *(total + share * each for total, each in zip(sums, gradients, strict=True))

        zeros = [tf.zeros(weight.shape) for weight in self.trainable_weights]
        _, *gradients = tf.while_loop(lambda first, *_: first < number, accumulate, (0, *zeros), parallel_iterations=1)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return self.get_metrics_result()


class AccumulatingNetwork(GradientAccumulation):
    """A network with gradient accumulation. Not functional: Keras would make all its base classes functional, too."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.built = True  # as the network is

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Return the network's outputs for images (n, …)."""
        return self.network(images, training=training)
