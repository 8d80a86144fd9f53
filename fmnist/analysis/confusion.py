"""The confusion matrix and what follows from it. NumPy only.

Logits are (n, 10) of any float type; labels and predicted classes are (n,) of any integer type, 0–9.
"""

from dataclasses import dataclass

import numpy as np

from fmnist.analysis.metrics import misclassified, predictions, softmax

CLASSES = 10


@dataclass(frozen=True, eq=False)
class ClassReport:
    """Precision, recall and F1, float64 (10,), and support, int64 (10,), of each class.

    nan where there is nothing to divide: the precision of a class that is never predicted, the recall of one without
    samples, the F1 of one that is both.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return the counts of true class (row) and predicted class (column), int64 (10, 10)."""
    matrix = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(matrix, (labels, predicted), 1)
    return matrix


def normalize_rows(matrix: np.ndarray) -> np.ndarray:
    """Return the matrix divided by its rows' sums, float64 (10, 10), nan in the row of a class without samples."""
    return _ratio(matrix, matrix.sum(axis=1, keepdims=True))


def class_report(matrix: np.ndarray) -> ClassReport:
    """Return precision, recall, F1 and support of each class, from a confusion matrix."""
    right, support, predicted = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return ClassReport(
        precision=_ratio(right, predicted),
        recall=_ratio(right, support),
        f1=_ratio(2 * right, support + predicted),
        support=support,
    )


def cell(logits: np.ndarray, labels: np.ndarray, true: int, predicted: int) -> np.ndarray:
    """Return the indices of a cell's samples, int64, by falling confidence, the first of equals first."""
    chosen = (np.asarray(labels) == true) & (predictions(logits) == predicted)
    return _most_confident_first(logits, np.flatnonzero(chosen))


def misclassified_by_confidence(
    logits: np.ndarray, labels: np.ndarray, true: int | None = None, predicted: int | None = None
) -> np.ndarray:
    """Return the indices of misclassified samples, int64, by falling confidence, the first of equals first.

    Of one true class and one predicted class, where they are given.
    """
    wrong = misclassified(logits, labels)
    if true is not None:
        wrong = wrong[np.asarray(labels)[wrong] == true]
    if predicted is not None:
        wrong = wrong[predictions(logits)[wrong] == predicted]
    return _most_confident_first(logits, wrong)


def _most_confident_first(logits: np.ndarray, indices: np.ndarray) -> np.ndarray:
    confidence = softmax(np.asarray(logits)[indices]).max(axis=1)
    return indices[np.argsort(-confidence, kind="stable")]


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    # No whole has no part either, and 0/0 is the nan that is meant.
    with np.errstate(invalid="ignore"):
        return part / whole
