"""The notebook's network as data: every layer with its output shape and its number of parameters."""

from dataclasses import dataclass
from math import prod
from typing import Literal

LayerKind = Literal["convolution", "pooling", "flatten", "dense"]

IMAGE_SHAPE = (28, 28, 1)
KERNEL = 3
POOL = 2

# In the metadata of every exported file, besides the names of the classes.
INPUT = "images float32 (n, 28, 28, 1), 0 black to 1 white"
OUTPUT = "logits float32 (n, 10); their softmax is the probabilities"


@dataclass(frozen=True)
class Layer:
    """One layer of the network; `output_shape` leaves the batch out."""

    name: str
    kind: LayerKind
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    relu: bool = False

    @property
    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the float32 weights by their names, such as 'dense_1/kernel'."""
        match self.kind:
            case "convolution":
                kernel: tuple[int, ...] = (KERNEL, KERNEL, self.input_shape[-1], self.output_shape[-1])
            case "dense":
                kernel = (*self.input_shape, *self.output_shape)
            case _:
                return {}
        return {f"{self.name}/kernel": kernel, f"{self.name}/bias": kernel[-1:]}

    @property
    def parameters(self) -> int:
        """The number of trainable parameters."""
        return sum(prod(shape) for shape in self.weight_shapes.values())


def _network() -> tuple[Layer, ...]:
    layers: list[Layer] = []

    def add(name: str, kind: LayerKind, units: int = 0, relu: bool = False) -> None:
        shape = layers[-1].output_shape if layers else IMAGE_SHAPE
        match kind:
            case "convolution":
                output: tuple[int, ...] = (shape[0] - KERNEL + 1, shape[1] - KERNEL + 1, units)
            case "pooling":
                output = (shape[0] // POOL, shape[1] // POOL, shape[2])
            case "flatten":
                output = (prod(shape),)
            case "dense":
                output = (units,)
        layers.append(Layer(name, kind, shape, output, relu))

    add("convolution_1", "convolution", 32, relu=True)
    add("pooling_1", "pooling")
    add("convolution_2", "convolution", 64, relu=True)
    add("pooling_2", "pooling")
    add("convolution_3", "convolution", 64, relu=True)
    add("flatten", "flatten")
    add("dense_1", "dense", 54, relu=True)
    # Linear: its outputs are logits. The notebook's sigmoid does not change the training.
    add("logits", "dense", 10)
    return tuple(layers)


LAYERS = _network()
PARAMETERS = sum(layer.parameters for layer in LAYERS)
# The shapes of all weights by name, in the network's order.
WEIGHT_SHAPES = {name: shape for layer in LAYERS for name, shape in layer.weight_shapes.items()}
