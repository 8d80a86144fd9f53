"""The network in Keras, built in code from `fmnist.architecture`, and its weights as named arrays."""

from math import prod

import keras
import numpy as np

from fmnist.architecture import IMAGE_SHAPE, KERNEL, LAYERS, POOL, WEIGHT_SHAPES, Layer
from fmnist.types import Arrays


def build(weights: Arrays) -> keras.Model:
    """Return the network with these weights: images float32 (n, 28, 28, 1) in [0, 1] to logits float32 (n, 10).

    Raises ValueError when a name or a shape is not the network's.
    """
    # Named, because the optimizer names its state after the network, and Keras would count: sequential_1, _2, ….
    model = keras.Sequential([keras.Input(IMAGE_SHAPE, name="images"), *map(_keras_layer, LAYERS)], name="network")
    set_weights(model, weights)
    return model


def initial_weights(seed: int) -> Arrays:
    """Return Glorot-uniform kernels and zero biases, as Keras's defaults are (Glorot and Bengio 2010).

    Drawn by NumPy: setting Keras's seed makes TensorFlow trace its functions again, for 0.4 seconds.
    """
    random = np.random.default_rng(seed)
    weights = {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}
    for array in weights.values():
        if array.ndim > 1:
            *receptive, inputs, outputs = array.shape
            limit = np.sqrt(6 / (prod(receptive) * (inputs + outputs)))
            array[:] = random.uniform(-limit, limit, array.shape)
    return weights


def get_weights(model: keras.Model) -> Arrays:
    """Return copies of the weights, float32, by the names of `WEIGHT_SHAPES`."""
    return {name: variable.numpy() for name, variable in _variables(model).items()}


def set_weights(model: keras.Model, weights: Arrays) -> None:
    """Assign named arrays to the network's variables. Raises ValueError when a name or a shape is not the network's."""
    shapes = {name: array.shape for name, array in weights.items()}
    if shapes != WEIGHT_SHAPES:
        raise ValueError(f"These weights are {shapes}; the network needs {WEIGHT_SHAPES}.")
    for name, variable in _variables(model).items():
        variable.assign(weights[name])


def _keras_layer(layer: Layer) -> keras.layers.Layer:
    activation = "relu" if layer.relu else None
    match layer.kind:
        case "convolution":
            return keras.layers.Conv2D(layer.output_shape[-1], KERNEL, activation=activation, name=layer.name)
        case "pooling":
            return keras.layers.MaxPooling2D(POOL, name=layer.name)
        case "flatten":
            return keras.layers.Flatten(name=layer.name)
        case "dense":
            return keras.layers.Dense(layer.output_shape[-1], activation=activation, name=layer.name)


def _variables(model: keras.Model) -> dict[str, keras.Variable]:
    return {f"{layer.name}/{variable.name}": variable for layer in model.layers for variable in layer.weights}
