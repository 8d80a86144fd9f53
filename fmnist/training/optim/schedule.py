"""A learning rate that rises linearly and falls along a cosine."""

import keras
import tensorflow as tf

# The share of the steps in which the rate rises.
WARMUP = 0.1


def warmup_and_decay(steps: int) -> tuple[int, int]:
    """Return the steps of the rise and of the fall; at least one each."""
    warmup = max(1, round(WARMUP * steps))
    return warmup, max(1, steps - warmup)


def warmup_cosine(
    peak: float | tf.Variable, warmup: int | tf.Variable, decay: int | tf.Variable, final: float
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the schedule up to `peak` and down to its share `final`, at which further steps stay."""
    return keras.optimizers.schedules.CosineDecay(0.0, decay, alpha=final, warmup_target=peak, warmup_steps=warmup)
