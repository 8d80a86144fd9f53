"""Trained weights in the formats that other programs read. One way: nothing here is ever loaded again.

The one file that is: `python -m fmnist.training.export` writes the template that `fmnist.inference` fills with weights.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import keras
from safetensors.numpy import save

from fmnist.inference import template
from fmnist.layers import LAYERS
from fmnist.training.network import Weights, build


def to_litert(weights: Weights) -> bytes:
    """A LiteRT file whose signature takes images float32 (n, 28, 28, 1) and gives every layer's output by its name."""
    model = build(weights)
    outputs = {layer.name: model.get_layer(layer.name).output for layer in LAYERS}
    return _written(keras.Model(model.inputs, outputs), "network.tflite")


def to_safetensors(weights: Weights) -> bytes:
    """A safetensors file with the named float32 arrays."""
    return save(weights)


def to_keras(weights: Weights) -> bytes:
    """A Keras archive of the network: images float32 (n, 28, 28, 1) in [0, 1] to logits."""
    return _written(build(weights), "network.keras")


def write_template() -> None:
    """Write the LiteRT file that `fmnist.inference.template` fills. Raises ValueError when a mark is not there once."""
    file = to_litert(template.marks())
    template.places(file)
    template.FILE.write_bytes(file)


def _written(model: keras.Model, name: str) -> bytes:
    """The file that Keras writes, which it only does to a path."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        if path.suffix == ".keras":
            model.save(path)
        else:
            model.export(path, format="litert", verbose=False)
        return path.read_bytes()


if __name__ == "__main__":
    write_template()
