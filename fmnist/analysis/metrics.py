"""Probabilities, losses and accuracies from logits. NumPy only.

Logits are (n, 10) of any float type, labels (n,) of any integer type; everything is computed in float64.
"""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities, float64 (n, 10); each row sums to 1."""
    exponentials = np.exp(_below_zero(logits))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return the notebook's scores, float64 (n, 10): each class alone, so a row does not sum to 1."""
    # By the hyperbolic tangent, because exp(-logit) overflows for very negative logits.
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(logits, np.float64)))


def rounded(logits: np.ndarray) -> np.ndarray:
    """Return logits (…, 10) rounded to float16, as the store keeps them and every page shows them.

    A row with a logit beyond float16's range, ±65,504, stays float32, and so all are of that type: cut off at the
    range's end its logits would be alike, and their softmax not the network's.
    """
    with np.errstate(over="ignore"):
        halves = np.asarray(logits, np.float16)
    fits = np.isfinite(halves).all(axis=-1, keepdims=True)
    return halves if fits.all() else np.where(fits, halves, np.asarray(logits, np.float32))


def predictions(logits: np.ndarray) -> np.ndarray:
    """Return the class with the highest logit, int64 (n,); the first of equals."""
    return np.asarray(logits).argmax(axis=-1)


def losses(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the cross-entropy of each sample in nats, float64 (n,)."""
    shifted = _below_zero(logits)
    own = np.take_along_axis(shifted, np.asarray(labels, np.intp)[:, None], axis=1)[:, 0]
    return np.log(np.exp(shifted).sum(axis=1)) - own


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy in nats: the loss that training minimizes."""
    return float(losses(logits, labels).mean())


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of samples whose highest logit is their label's, from 0 to 1."""
    return float((predictions(logits) == labels).mean())


def learned_nothing(test_accuracy: float) -> bool:
    """Return whether a network is no better than chance, or predicts one class for nine images of ten.

    Chance gets a tenth right. Where a share s of all images gets one class, at most 0.1 + (1 - s) are right.
    """
    return test_accuracy < 0.2


def misclassified(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the indices of the misclassified samples, int64, in their order."""
    return np.flatnonzero(predictions(logits) != labels)


def _below_zero(logits: np.ndarray) -> np.ndarray:
    """Return logits less each row's highest, so that no exponential overflows."""
    logits = np.asarray(logits, np.float64)
    return logits - logits.max(axis=-1, keepdims=True)
