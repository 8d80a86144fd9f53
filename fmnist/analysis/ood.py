"""Out-of-distribution detection: is an image like those that a network was trained on? NumPy only.

Two scores. The energy needs only logits, so it works for every network. The distance to the nearest class mean needs
statistics of one network's training features, and finds more; docs/decisions/022 has both.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from fmnist.architecture import LAYERS

# An image is out of distribution where fewer than this share of known images have as unusual a score.
OOD_PERCENTILE = 0.05
# Added to the diagonal of the covariance: some channels hardly vary.
SHRINKAGE = 1e-3
# At these shares of the held-out images their distances are kept.
QUANTILES = np.linspace(0, 1, 101)

CONVOLUTIONS = [layer.name for layer in LAYERS if layer.kind == "convolution"]
EMBEDDING = "dense_1"


def energy(logits: np.ndarray) -> np.ndarray:
    """Return log Σ exp(logit), float64 (…), of logits (…, 10).

    It is the negative energy of Liu et al. 2020 (arXiv 2010.03759, section 3.1). The softmax loses it: one class may
    be by far the likeliest of ten, while all ten logits are low.
    """
    logits = np.asarray(logits, np.float64)
    highest = logits.max(axis=-1)
    return highest + np.log(np.exp(logits - highest[..., np.newaxis]).sum(axis=-1))


def energy_percentile(logits: np.ndarray, known: np.ndarray) -> float:
    """Return the share, 0 to 1, of `known` logits (n, 10) whose energy is no higher than that of logits (10,)."""
    return float((energy(known) <= energy(logits)).mean())


def features(image: np.ndarray, activations: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the features, float32 (216,), of an image uint8 (28, 28) and all layers' outputs.

    The mean of each convolution channel (32 + 64 + 64), the 54 values of `dense_1`, and the mean and the standard
    deviation of the image itself.
    """
    pixels = image / np.float32(255)
    channels = [activations[name].mean(axis=(0, 1)) for name in CONVOLUTIONS]
    return np.concatenate([*channels, activations[EMBEDDING], [pixels.mean(), pixels.std()]]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class ClassDistances:
    """Class means and covariance of one network's features on its training images.

    `center` and `scale` (216,) standardize the features, `whitening` (216, 216) float16 makes their covariance within
    a class the identity, `means` (10, 216) are the classes' whitened means; `held_out` (101,) are percentiles of the
    held-out images' distances.
    """

    center: np.ndarray
    scale: np.ndarray
    whitening: np.ndarray
    means: np.ndarray
    held_out: np.ndarray

    def distance(self, features: np.ndarray) -> np.ndarray:
        """Return the squared Mahalanobis distance to the nearest class mean, float32 (n,), of features (n, 216)."""
        whitened = (features - self.center) / self.scale @ self.whitening.astype(np.float32)
        return np.min([np.square(whitened - mean).sum(axis=1) for mean in self.means], axis=0)

    def percentile(self, features: np.ndarray) -> np.ndarray:
        """Return the share, 0 to 1 (n,), of held-out images that are at least as far from their nearest class mean."""
        return 1 - np.interp(self.distance(features), self.held_out, QUANTILES)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the five arrays, by name."""
        return asdict(self)


def fit(features: np.ndarray, labels: np.ndarray, held_out: np.ndarray) -> ClassDistances:
    """Fit ten class means with one covariance to training features (n, 216), and percentiles to `held_out` ones.

    It is the Mahalanobis score of Lee et al. 2018 (arXiv 1807.03888, section 2.1), of several layers at once.
    """
    center = features.mean(axis=0)
    means = np.stack([features[labels == label].mean(axis=0) for label in range(10)])
    residuals = features - means[labels]
    scale = residuals.std(axis=0) + np.float32(1e-6)
    residuals = residuals / scale
    covariance = residuals.T @ residuals / len(residuals) + SHRINKAGE * np.eye(len(scale), dtype=np.float32)
    variances, axes = np.linalg.eigh(covariance)
    # Rounded before the means and the percentiles are made with it: what is stored is what was fitted.
    whitening = (axes / np.sqrt(variances)).astype(np.float16)
    whitened = ((means - center) / scale @ whitening.astype(np.float32)).astype(np.float32)
    fitted = ClassDistances(center, scale, whitening, whitened, np.zeros(len(QUANTILES), np.float32))
    percentiles = np.quantile(fitted.distance(held_out), QUANTILES).astype(np.float32)
    return ClassDistances(center, scale, whitening, whitened, percentiles)


@dataclass(frozen=True)
class Detection:
    """The share of known images that are at least as unusual as an image, and the score that says so.

    By `distance`, the known images are the held-out ones; by `energy`, the test images.
    """

    score: Literal["distance", "energy"]
    percentile: float

    @property
    def in_distribution(self) -> bool:
        """Return whether the image is like those that the network was trained on."""
        return self.percentile >= OOD_PERCENTILE


def detect(
    image: np.ndarray, activations: Mapping[str, np.ndarray], known: np.ndarray, distances: ClassDistances | None
) -> Detection:
    """Judge an image (28, 28) by the distance where a network has its statistics, else by the energy.

    `known` are the network's logits of the test images, (10,000, 10).
    """
    if distances is None:
        return Detection("energy", energy_percentile(activations["logits"], known))
    return Detection("distance", float(distances.percentile(features(image, activations)[np.newaxis])[0]))
