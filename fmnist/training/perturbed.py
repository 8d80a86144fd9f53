"""Training for weights that may be moved a little: what is learned so holds better for images that were not seen.

Sharpness-aware minimization, Foret et al. 2021, arXiv 2010.01412, algorithm 1.
"""

import keras
import tensorflow as tf

# How far the weights are moved together, in the direction in which the loss grows fastest (rho in the paper).
RADIUS = 0.1


class Perturbed(keras.Model):
    """A network whose `fit` corrects it by the gradient that it would have a little uphill, at twice the cost."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.built = True  # as the network is

    def call(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """What the network says."""
        return self.network(images, training=training)

    def train_step(self, data: tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """One batch of images and targets; loss and accuracy are those uphill."""
        images, aims = data
        weights = self.network.trainable_weights
        _, _, gradients = self._gradients(images, aims)
        # Biases stay: they are few, and their gradients large.
        uphill = [gradient if len(gradient.shape) > 1 else tf.zeros_like(gradient) for gradient in gradients]
        length = tf.linalg.global_norm(uphill) + keras.config.epsilon()
        steps = [RADIUS / length * gradient for gradient in uphill]
        for weight, step in zip(weights, steps, strict=True):
            weight.assign_add(step)
        loss, outputs, gradients = self._gradients(images, aims)
        for weight, step in zip(weights, steps, strict=True):
            weight.assign_sub(step)
        self.optimizer.apply(gradients, weights)
        self._loss_tracker.update_state(loss, sample_weight=tf.shape(images)[0])
        return self.compute_metrics(images, aims, outputs)

    def _gradients(self, images: tf.Tensor, aims: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            outputs = self(images, training=True)
            loss = self.compute_loss(images, aims, outputs)
        return loss, outputs, tape.gradient(loss, [weight.value for weight in self.network.trainable_weights])
