"""Trained weights in the formats that other programs read. One way: nothing here is ever loaded again."""

from pathlib import Path
from tempfile import TemporaryDirectory

import keras
from safetensors.numpy import save

from fmnist.layers import LAYERS
from fmnist.training.network import Weights, build, load_weights


def to_litert(weights: Weights) -> bytes:
    """A LiteRT file whose signature takes images float32 (n, 28, 28, 1) and gives every layer's output by its name."""
    model = _network(weights)
    outputs = {layer.name: model.get_layer(layer.name).output for layer in LAYERS}
    return _written(keras.Model(model.inputs, outputs), "network.tflite")


def to_safetensors(weights: Weights) -> bytes:
    """A safetensors file with the named float32 arrays."""
    return save(weights)


def to_keras(weights: Weights) -> bytes:
    """A Keras archive of the network: images float32 (n, 28, 28, 1) in [0, 1] to logits."""
    return _written(_network(weights), "network.keras")


def _network(weights: Weights) -> keras.Model:
    model = build(seed=0)
    load_weights(model, weights)
    return model


def _written(model: keras.Model, name: str) -> bytes:
    """The file that Keras writes, which it only does to a path."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        if path.suffix == ".keras":
            model.save(path)
        else:
            model.export(path, format="litert", verbose=False)
        return path.read_bytes()
