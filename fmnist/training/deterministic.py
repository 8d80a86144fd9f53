"""A training with deterministic operations: python -m fmnist.training.deterministic RECIPE.

Prints the SHA-256 of the final weights of a recipe, given as JSON. A process of its own, because TensorFlow cannot
leave its deterministic mode.
"""

import hashlib
import sys

import numpy as np
import tensorflow as tf

from fmnist.data.dataset import Dataset, load_dataset
from fmnist.errors import FmnistError
from fmnist.recipe import Recipe
from fmnist.settings import Settings
from fmnist.training.loop import train
from fmnist.types import Arrays


def weight_hash(weights: Arrays) -> str:
    """Return the SHA-256, in hexadecimal, of all names and arrays."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(weights[name], "<f4").tobytes())
    return digest.hexdigest()


def train_deterministically(recipe: Recipe, dataset: Dataset) -> Arrays:
    """Return the weights after the recipe's last epoch. Raises Diverged."""
    tf.config.experimental.enable_op_determinism()
    training, validation = dataset.train_validation_split(recipe)
    results = train(
        recipe, training, validation, dataset.test,
        epochs=recipe.epochs, on_progress=lambda progress: None, should_stop=lambda: False,
    )  # fmt: skip
    return list(results)[-1].weights


if __name__ == "__main__":
    try:
        chosen = Recipe.from_json(sys.argv[1])
        print(weight_hash(train_deterministically(chosen, load_dataset(Settings.from_environment()))))
    except FmnistError as error:
        sys.exit(str(error))
