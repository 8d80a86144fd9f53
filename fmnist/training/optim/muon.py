"""Muon: every kernel is moved by an orthogonal matrix, so that no direction of it is forgotten.

Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/. Biases and the last layer are Adam's, as there.
"""

import keras
import tensorflow as tf
from keras import ops

from fmnist.architecture import LAYERS

# Adam moves a bias this much less than Muon moves a kernel.
ADAM_SHARE = 0.25
# How much of the direction is kept from one step to the next.
MOMENTUM = 0.85


class Muon(keras.optimizers.Muon):
    """Keras's Muon, which leaves convolutions to Adam, for convolutions too.

    A kernel (height, width, inputs, outputs) is moved as the matrix (height · width · inputs, outputs). The weights
    are averaged with the momentum that `ema_momentum_over` gives, and `fit` ends with the average: it is as good as
    weights that were trained at a rate that has already fallen.
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
        """End with the average of everything, whatever of it was trained last."""
        super().finalize_variable_values(self._trainable_variables)

    def zeropower_via_newtonschulz5(self, x: keras.KerasTensor, steps: int) -> keras.KerasTensor:
        """The nearest orthogonal matrix, about, of a kernel of any shape.

        Every step of Newton and Schulz multiplies the matrix by a polynomial of its square. Powers of one square
        commute: all steps are made on the square, which is smaller, and only their product meets the matrix.
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


def ema_momentum_over(steps: float) -> float:
    """The momentum with which weights are averaged over about so many steps."""
    return 1 - 1 / max(1, steps)
