"""A problem that a network learns in seconds: each class is a bright square in its own place, under noise."""

import numpy as np
import pytest

from fmnist.data.dataset import Split
from fmnist.recipe import Recipe


def squares(name, count):
    generator = np.random.default_rng(count)
    images = generator.integers(0, 100, (count, 28, 28), dtype=np.uint8)
    labels = np.arange(count, dtype=np.uint8) % 10
    for image, label in zip(images, labels, strict=True):
        row, column = 2 + 12 * (label // 5), 1 + 5 * (label % 5)
        image[row : row + 8, column : column + 5] += 120
    return Split(name, images, labels)


@pytest.fixture(scope="session")
def training():
    # Not a multiple of the batch size: the last batch is a smaller one.
    return squares("train", 500)


@pytest.fixture(scope="session")
def validation():
    return squares("validation", 120)


@pytest.fixture(scope="session")
def test_split():
    return squares("test", 200)


@pytest.fixture(scope="session")
def recipe():
    return Recipe(epochs=3, batch_size=64, seed=5, training_images=500)


@pytest.fixture(scope="session")
def fast_recipe():
    return Recipe(epochs=3, batch_size=64, learning_rate=0.04, seed=5, training_images=500, optimizer="muon")
