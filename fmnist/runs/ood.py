"""The statistics of out-of-distribution detection, which fit the included network alone.

`python -m fmnist.runs.ood` writes them anew from the network that is there; `python -m fmnist reproduce` does it too.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from fmnist.analysis.ood import ClassDistances, features, fit
from fmnist.architecture import WEIGHT_SHAPES
from fmnist.data.dataset import Split, load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.pretrained import FOLDER
from fmnist.pretrained.network import compressed, read
from fmnist.recipe import HELD_OUT_IMAGES
from fmnist.settings import Settings
from fmnist.system.files import write_atomically
from fmnist.types import Arrays

FILE = "ood.npz"
# More training images change nothing (docs/experiments/out-of-distribution.md).
FITTED_IMAGES = 10_000


def image_features(classifier: Classifier, images: np.ndarray) -> np.ndarray:
    """Return a network's features, float32 (n, 216), of images uint8 (n, 28, 28)."""
    return np.stack([features(image, classifier.activations(image)) for image in images])


def fit_network(weights: Arrays, train: Split) -> ClassDistances:
    """Fit a network to the first 10,000 training images and the 5,000 held-out ones, of `train`, all 60,000."""
    classifier = Classifier(weights)
    fitted = image_features(classifier, train.images[:FITTED_IMAGES])
    held_out = image_features(classifier, train.images[-HELD_OUT_IMAGES:])
    return fit(fitted, train.labels[:FITTED_IMAGES], held_out)


def write_distances(folder: Path, train: Split) -> None:
    """Write the statistics of the network that is in a folder beside it."""
    weights = read(folder).kept[-1].weights
    arrays = fit_network(weights, train).arrays() | {"weights": _digest(weights)}
    write_atomically({folder / FILE: compressed(arrays)})


def distances_of(weights: Arrays) -> ClassDistances | None:
    """Return the statistics of the network with these weights, None for every other network."""
    digest, distances = _shipped()
    return distances if np.array_equal(digest, _digest(weights)) else None


@cache
def _shipped() -> tuple[np.ndarray, ClassDistances]:
    with np.load(FOLDER / FILE) as file:
        arrays = dict(file)
    return arrays.pop("weights"), ClassDistances(**arrays)


def _digest(weights: Arrays) -> np.ndarray:
    """Return the SHA-256 of all weights, uint8 (32,)."""
    content = hashlib.sha256()
    for name in WEIGHT_SHAPES:
        content.update(np.asarray(weights[name], "<f4").tobytes())
    return np.frombuffer(content.digest(), np.uint8)


if __name__ == "__main__":
    write_distances(FOLDER, load_dataset(Settings.from_environment()).train)
