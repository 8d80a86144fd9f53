"""Values that the training, the run store and the page pass to each other."""

from dataclasses import dataclass

import numpy as np

# By name: the weights of a network, the state of a training, the result of a computation.
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Progress:
    """Progress within an epoch, counted from 1; loss and accuracy are means since the epoch began."""

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds_left_in_epoch: float


@dataclass(frozen=True)
class EpochMetrics:
    """The metrics of a finished epoch, counted from 1; accuracies are fractions, seconds are of training alone.

    `loss` and `accuracy` are the training's, averaged while the weights changed, as Keras does. The others are computed
    from `rounded` logits, as they are stored.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_accuracy: float
    seconds: float
