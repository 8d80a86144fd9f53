"""What is watched of a network while it trains: twenty test images, its first filters, its classes. NumPy only."""

import numpy as np

from fmnist.analysis.confusion import CLASSES, confusion_matrix
from fmnist.analysis.metrics import predictions, softmax
from fmnist.architecture import LAYERS
from fmnist.types import Arrays

# Test images, two of each class in the order of classes: the first one, and the first that the included run classifies
# correctly and that eight trainings of Fast (seeds 1 to 8) misclassified three to five times at their end, and at least
# three times after epoch 1. With the first two of each class nothing would change after a second.
WATCHED = (19, 332, 2, 2111, 1, 66, 13, 490, 6, 17, 8, 902, 4, 135, 9, 12, 18, 635, 0, 8061)


def answers(logits: np.ndarray) -> list[tuple[int, float]]:
    """Return the predicted class and its confidence, from 0 to 1, for each row of logits (n, 10)."""
    confidence = softmax(logits).max(axis=1)
    return list(zip(predictions(logits).tolist(), confidence.round(4).tolist(), strict=True))


def filters(weights: Arrays) -> list[list[float]]:
    """Return the kernels of the first convolution, (32, 9), row by row, in thousandths."""
    kernel = weights[f"{LAYERS[0].name}/kernel"]
    # float64: a rounded float32 is a number of many more digits.
    return kernel.astype(np.float64).reshape(-1, kernel.shape[-1]).T.round(3).tolist()


def by_class(logits: np.ndarray, labels: np.ndarray) -> tuple[list[float], list[int | None]]:
    """Return the share of each class that is classified correctly, and what its others are most often predicted as.

    That is None for a class without misclassified samples, and the first of equals.
    """
    matrix = confusion_matrix(labels, predictions(logits))
    right = matrix.diagonal() / matrix.sum(axis=1).clip(min=1)
    wrong = matrix * ~np.eye(CLASSES, dtype=bool)
    taken_for = [int(row.argmax()) if row.any() else None for row in wrong]
    return right.round(4).tolist(), taken_for
