import keras
import numpy as np
import pytest
from safetensors.numpy import load

from fmnist.inference.classifier import Classifier
from fmnist.layers import LAYERS
from fmnist.training.export import to_keras, to_litert, to_safetensors
from fmnist.training.network import build, load_weights, weights_of


@pytest.fixture(scope="module")
def model():
    return build(seed=4)


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(4).integers(0, 256, (20, 28, 28), dtype=np.uint8)


def logits_of(model, images):
    return model(images[..., np.newaxis].astype(np.float32) / 255).numpy()


def test_safetensors_give_the_weights_back(model, images):
    restored = build(seed=0)
    load_weights(restored, load(to_safetensors(weights_of(model))))
    assert np.array_equal(logits_of(restored, images), logits_of(model, images))


def test_the_keras_archive_opens_in_keras(model, images, tmp_path):
    path = tmp_path / "network.keras"
    path.write_bytes(to_keras(weights_of(model)))
    assert np.array_equal(logits_of(keras.models.load_model(path), images), logits_of(model, images))


def test_litert_gives_every_layers_output(model, images):
    exported = to_litert(weights_of(model))
    classifier = Classifier(exported)
    assert classifier.logits(images) == pytest.approx(logits_of(model, images), abs=1e-4)
    outputs = keras.Model(model.inputs[0], {layer.name: layer.output for layer in model.layers})
    expected = outputs(images[:1, ..., np.newaxis].astype(np.float32) / 255)
    activations = classifier.activations(images[0])
    assert activations.keys() == {layer.name for layer in LAYERS}
    for layer in LAYERS:
        assert activations[layer.name].shape == layer.output_shape
        assert activations[layer.name] == pytest.approx(expected[layer.name][0].numpy(), abs=1e-4)
    assert len(exported) < 400_000
