"""Muon: every kernel is updated by an orthogonalized momentum.

Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/. Biases and the last layer are Adam's, as there.
"""

import keras
import tensorflow as tf
from keras import ops

from fmnist.architecture import LAYERS

# The ratio of Adam's learning rate, for biases, to Muon's, for kernels.
ADAM_SHARE = 0.25
# The decay of the momentum from one step to the next.
MOMENTUM = 0.85


class Muon(keras.optimizers.Muon):
    """Keras's Muon, extended to convolutions, which Keras's own updates by Adam.

    A kernel (height, width, inputs, outputs) is updated as the matrix (height · width · inputs, outputs). `fit` ends
    with the exponential moving average of the weights: it is as good as weights after a decay of the learning rate.
    """

    def __init__(
        self,
        learning_rate: keras.optimizers.schedules.LearningRateSchedule,
        ema_momentum: float | tf.Variable,
    ) -> None:
        super().__init__(
            learning_rate, adam_beta_2=0.99, adam_lr_ratio=ADAM_SHARE, weight_decay=None, adam_weight_decay=None,
            momentum=MOMENTUM, rms_rate=None, use_ema=True, name="muon",
        )  # fmt: skip
        # Keras reads it at every step, and so a variable may change from one training to the next.
        self.ema_momentum = ema_momentum

    def _should_use_adamw(self, variable: keras.Variable) -> bool:
        return len(variable.shape) < 2 or f"{LAYERS[-1].name}/" in variable.path

    def finalize_variable_values(self, var_list: list[keras.Variable]) -> None:
        """Assign the moving average to all variables, frozen ones included."""
        super().finalize_variable_values(self._trainable_variables)

    def zeropower_via_newtonschulz5(self, x: keras.KerasTensor, steps: int) -> keras.KerasTensor:
        """Return approximately the nearest orthogonal matrix of a kernel of any shape.

        Every Newton-Schulz step multiplies the matrix by a polynomial of its square. Powers of one square commute: all
        steps are taken on the square, which is smaller, and only their product is multiplied with the matrix.
        """
        matrix = ops.reshape(x, (-1, x.shape[-1]))
        tall = matrix.shape[0] > matrix.shape[1]
        matrix = matrix / (ops.norm(matrix) + 1e-7)
        square = ops.transpose(matrix) @ matrix if tall else matrix @ ops.transpose(matrix)
        product = identity = ops.eye(square.shape[0])
        for _ in range(steps):
            factor = self.muon_a * identity + self.muon_b * square + self.muon_c * square @ square
            product = product @ factor
            square = factor @ square @ factor
        return ops.reshape(matrix @ product if tall else product @ matrix, x.shape)


def ema_momentum_over(ema_steps: float) -> float:
    """Return the momentum of a moving average over about `ema_steps` steps."""
    return 1 - 1 / max(1, ema_steps)
