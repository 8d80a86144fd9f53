"""Calibration of a network's confidence, and selective prediction above a confidence threshold. NumPy only.

A confidence is any score from 0 to 1: confidence (n,) of any float type, correct (n,) bool. Computed in float64.
Without samples, counts are 0, arrays over the samples are empty and every other number is nan.
"""

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from fmnist.analysis.metrics import predictions, softmax

# The temperatures searched, far beyond any that a network in use has.
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.01, 100.0


@dataclass(frozen=True, eq=False)
class Reliability:
    """Bins of equal width: edges (bins + 1,); count, mean confidence and accuracy (bins,).

    Counts are int64, the others float64; the confidence and the accuracy of an empty bin are nan.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """The risk-coverage curve: the predictions at least as confident as a threshold, and the correct ones of them.

    Thresholds are the distinct confidences, falling.

    `threshold` is float64, `covered` and `correct` are int64.
    """

    threshold: np.ndarray
    covered: np.ndarray
    correct: np.ndarray


def reliability(confidence: np.ndarray, correct: np.ndarray, bins: int = 15) -> Reliability:
    """Return the reliability diagram (Guo et al. 2017, section 2). A bin holds its upper edge; the first one 0 too."""
    confidence = np.asarray(confidence, np.float64)
    edges = np.linspace(0, 1, bins + 1)
    # By the inner edges alone, so that 0 falls into the first bin.
    own = np.searchsorted(edges[1:-1], confidence)
    count = np.bincount(own, minlength=bins)
    with np.errstate(invalid="ignore"):  # 0/0 in an empty bin is the nan that is meant
        return Reliability(
            edges=edges,
            count=count,
            confidence=np.bincount(own, confidence, bins) / count,
            accuracy=np.bincount(own, correct, bins) / count,
        )


def expected_calibration_error(confidence: np.ndarray, correct: np.ndarray, bins: int = 15) -> float:
    """Return the gap of confidence and accuracy in a bin, averaged over the samples (Guo et al. 2017, equation 3)."""
    if not len(confidence):
        return nan
    diagram = reliability(confidence, correct, bins)
    filled = diagram.count > 0
    gaps = np.abs(diagram.accuracy - diagram.confidence)
    return float(np.average(gaps[filled], weights=diagram.count[filled]))


def brier_score(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return squared errors summed over the classes: 0 certain and right, 2 certain and wrong (Brier 1950)."""
    if not len(probabilities):
        return nan
    errors = np.array(probabilities, np.float64)
    errors[np.arange(len(errors)), labels] -= 1
    return float((errors**2).sum(axis=1).mean())


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature T at which the mean confidence of softmax(logits / T) is the accuracy (arXiv 2303.02644).

    From 0.01 to 100; an end of that range where none is: every prediction is right, or fewer are than by chance.
    """
    if not len(logits):
        return nan
    logits = np.asarray(logits, np.float64)
    right = (predictions(logits) == labels).mean()
    low, high = MIN_TEMPERATURE, MAX_TEMPERATURE
    # Fifty halvings of a range of 10,000 : 1 leave nothing that a float64 can tell apart.
    for _ in range(50):
        middle = sqrt(low * high)
        if softmax(logits / middle).max(axis=1).mean() > right:
            low = middle
        else:
            high = middle
    return middle


def calibrates(temperature: float) -> bool:
    """Return whether a fitted temperature calibrates, and is not an end of the searched range."""
    return MIN_TEMPERATURE * 1.01 < temperature < MAX_TEMPERATURE / 1.01


def risk_coverage(confidence: np.ndarray, correct: np.ndarray) -> RiskCoverage:
    """Return the risk-coverage curve: arrays over the m ≤ n distinct confidences."""
    distinct, own = np.unique(np.asarray(confidence, np.float64), return_inverse=True)

    def at_least(kept: np.ndarray) -> np.ndarray:
        return np.bincount(kept, minlength=len(distinct))[::-1].cumsum()

    return RiskCoverage(distinct[::-1], at_least(own), at_least(own[np.asarray(correct, bool)]))


def coverage_at(confidence: np.ndarray, correct: np.ndarray, threshold: float) -> tuple[int, int]:
    """Return the number of predictions at least so confident, and of the correct ones among them."""
    # float64, or the threshold would be rounded to the type of the confidence.
    kept = np.asarray(confidence, np.float64) >= threshold
    return int(kept.sum()), int(np.asarray(correct, bool)[kept].sum())
