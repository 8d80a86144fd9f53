"""The network with batch normalisation, for fast training, and its folding into the plain network.

Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167) comes before every ReLU and has no scale, so it is an
increasing function of its input. It can therefore follow the pooling, on a quarter of the values, and after training it
is folded as a factor and a summand into the preceding layer.
"""

from collections.abc import Iterator

import keras
import numpy as np

from fmnist.architecture import IMAGE_SHAPE, KERNEL, LAYERS, POOL, Layer
from fmnist.training.layers.convolution import SmallConvolution
from fmnist.training.layers.normalization import FastBatchNormalization
from fmnist.types import Arrays

# Mean and standard deviation of the training images' pixels, from 0 to 1.
MEAN, DEVIATION = 0.2860, 0.3530
# The side of the outputs below which a SmallConvolution is faster.
SMALL = 8


def build_normalized(dtype: str) -> keras.Model:
    """Return the untrained network: uint8 (n, 28, 28, 1) to logits float32 (n, 10); `dtype` is a Keras policy."""
    images = keras.Input(IMAGE_SHAPE, dtype="uint8", name="images")
    pixels = keras.layers.Rescaling(1 / (255 * DEVIATION), -MEAN / DEVIATION, dtype=dtype)
    return keras.Sequential([images, pixels, *_layers(dtype)], name="normalized")


def load_kernels(model: keras.Model, weights: Arrays) -> None:
    """Assign the kernels of a plain network."""
    for name, kernel in weights.items():
        layer, _, kind = name.partition("/")
        if kind == "kernel":
            model.get_layer(layer).kernel.assign(kernel)


def fold(model: keras.Model) -> Arrays:
    """Return the weights of the plain network with the same logits, but for rounding.

    A normalised layer gives K·x·s + (β - m·s), where m and v are the batches' mean and variance and s = 1/√(v + ε).
    """
    folded: Arrays = {}
    for layer in LAYERS:
        if not layer.parameters:
            continue
        kernel = model.get_layer(layer.name).kernel.numpy()
        if layer.relu:
            statistics = model.get_layer(_normalization_of(layer))
            factor = 1 / np.sqrt(statistics.moving_variance.numpy() + statistics.epsilon)
            bias = statistics.beta.numpy() - statistics.moving_mean.numpy() * factor
            kernel = kernel * factor
        else:
            bias = model.get_layer(layer.name).bias.numpy()
        if layer is LAYERS[0]:  # it was trained on pixels less their mean
            kernel = kernel / DEVIATION
            bias = bias - MEAN * kernel.sum(axis=(0, 1, 2))
        folded[f"{layer.name}/kernel"], folded[f"{layer.name}/bias"] = kernel, bias.astype(np.float32)
    return folded


def _layers(dtype: str) -> Iterator[keras.layers.Layer]:
    unnormalized: Layer | None = None
    for layer, following in zip(LAYERS, (*LAYERS[1:], None), strict=True):
        yield _keras_layer(layer, dtype)
        unnormalized = layer if layer.relu else unnormalized
        if unnormalized and not (following and following.kind == "pooling"):
            yield FastBatchNormalization(name=_normalization_of(unnormalized), dtype=dtype)
            yield keras.layers.ReLU(dtype=dtype)
            unnormalized = None


def _keras_layer(layer: Layer, dtype: str) -> keras.layers.Layer:
    match layer.kind:
        case "convolution" if layer.output_shape[1] < SMALL:
            return SmallConvolution(layer.output_shape[-1], KERNEL, name=layer.name, dtype=dtype)
        case "convolution":
            return keras.layers.Conv2D(layer.output_shape[-1], KERNEL, use_bias=False, name=layer.name, dtype=dtype)
        case "pooling":
            return keras.layers.MaxPooling2D(POOL, name=layer.name, dtype=dtype)
        case "flatten":
            return keras.layers.Flatten(name=layer.name, dtype=dtype)
        case "dense" if layer.relu:
            return keras.layers.Dense(layer.output_shape[-1], use_bias=False, name=layer.name, dtype=dtype)
        case "dense":  # the logits, in full precision
            return keras.layers.Dense(layer.output_shape[-1], name=layer.name, dtype="float32")


def _normalization_of(layer: Layer) -> str:
    return f"{layer.name}_normalization"
