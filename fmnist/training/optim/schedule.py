"""The learning-rate schedule: linear warm-up, cosine decay."""

import keras
import tensorflow as tf

# The share of warm-up steps.
WARMUP = 0.1


def warmup_and_decay(steps: int) -> tuple[int, int]:
    """Return the numbers of warm-up and decay steps, at least one each."""
    warmup = max(1, round(WARMUP * steps))
    return warmup, max(1, steps - warmup)


def warmup_cosine(
    peak: float | tf.Variable, warmup: int | tf.Variable, decay: int | tf.Variable, final: float
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the schedule: up to `peak`, down to its share `final`, which further steps keep."""
    return keras.optimizers.schedules.CosineDecay(0.0, decay, alpha=final, warmup_target=peak, warmup_steps=warmup)
