"""A real network, trained for a moment on real images, so that the metrics meet answers as networks give them."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest

from fmnist.data.dataset import Split, load_dataset
from fmnist.recipe import Recipe
from fmnist.settings import Settings
from fmnist.training.loop import train
from fmnist.training.network import build


@dataclass(frozen=True)
class TrainedRun:
    """Two epochs of one run on n test images: float16 logits (n, 10) and embeddings (n, 54), labels (n,) uint8."""

    labels: np.ndarray
    first_logits: np.ndarray
    logits: np.ndarray
    embeddings: np.ndarray


@pytest.fixture(scope="session")
def trained() -> TrainedRun:
    dataset = load_dataset(Settings.from_environment())
    recipe = Recipe(epochs=2, training_images=3_000)
    training, _ = dataset.train_validation_split(recipe)
    test = Split("test", dataset.test.images[:4_000], dataset.test.labels[:4_000])
    first, last = train(
        recipe, training, test, test, epochs=2, on_progress=lambda progress: None, should_stop=lambda: False
    )
    model = build(last.weights)
    embedding = keras.Model(model.inputs, model.get_layer("dense_1").output)
    images = test.images[..., np.newaxis].astype(np.float32) / 255
    embeddings = embedding.predict(images, batch_size=500, verbose=0).astype(np.float16)
    return TrainedRun(test.labels, first.test_logits, last.test_logits, embeddings)
