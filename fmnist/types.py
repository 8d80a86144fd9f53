"""Values that the training, the run store and the page pass to each other."""

from collections.abc import Sequence
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
class CurvePoint:
    """A point of a training's curve: loss and accuracy of the batches since the point before, after so many epochs."""

    epochs: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Snapshot:
    """A network while it trains, after so many epochs and seconds of training.

    `answers` are the predicted class of each watched test image and its confidence; `filters` (32, 9) the kernels of
    the first convolution, row by row. Of each class, `right` is the share of its validation images that are classified
    correctly, and `taken_for` the class that the others are most often predicted as, None where there are none.
    """

    epochs: float
    seconds: float
    answers: Sequence[Sequence[float]]
    filters: Sequence[Sequence[float]]
    right: Sequence[float]
    taken_for: Sequence[int | None]


@dataclass(frozen=True)
class EpochMetrics:
    """The metrics of a finished epoch, counted from 1; accuracies are fractions, seconds are of training alone.

    `loss` and `accuracy` are the training's, averaged while the weights changed, as Keras does; `loss` is the plain
    cross-entropy, also where it is minimized for smoothed targets or soft labels. The others are computed from
    `rounded` logits, as they are stored.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_accuracy: float
    seconds: float
