"""Principal components of embeddings, for the map. NumPy only."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Projection:
    """A point for each embedding, float32 (n, 2), and the share of the variance along each axis, float64 (2,)."""

    points: np.ndarray
    explained_variance_ratio: np.ndarray


def principal_components(embeddings: np.ndarray) -> Projection:
    """Return embeddings (n, 54) of any float type projected on their first two principal components, the mean at 0.

    A direction points where its largest part is positive, so that a map never comes out mirrored.
    The shares are nan where nothing varies: fewer than two embeddings, or all the same.
    """
    if not len(embeddings):
        return Projection(np.empty((0, 2), np.float32), np.full(2, np.nan))
    centered = np.asarray(embeddings, np.float64)
    centered = centered - centered.mean(axis=0)
    # Of the 54 × 54 covariances: far quicker than the singular values of n × 54, and as exact for the first two.
    variances, directions = np.linalg.eigh(centered.T @ centered)
    axes = directions[:, :-3:-1]  # the two of the largest variances, which come last
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    with np.errstate(invalid="ignore"):  # 0/0 is the nan that is meant
        ratio = variances[:-3:-1] / variances.sum()
    return Projection((centered @ axes).astype(np.float32), ratio)
