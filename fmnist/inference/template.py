"""The network's LiteRT file as a form: any weights are written over the numbers that mark their places."""

from functools import cache
from pathlib import Path

import numpy as np

from fmnist.layers import PARAMETERS, WEIGHT_SHAPES

# `python -m fmnist.training.export` writes it, after a change of the layers.
FILE = Path(__file__).with_name("network.tflite")


def marks() -> dict[str, np.ndarray]:
    """Weights float32 that count 1, 2, 3 … through all arrays: no number twice, so an array is found by its bytes."""
    # Up to 2**24, float32 holds whole numbers exactly.
    numbers = np.arange(1, PARAMETERS + 1, dtype=np.float32)
    marks = {}
    for name, shape in WEIGHT_SHAPES.items():
        marks[name], numbers = numbers[: np.prod(shape)].reshape(shape), numbers[np.prod(shape) :]
    return marks


def places(file: bytes) -> dict[str, int]:
    """Where each marked array begins in a LiteRT file. Raises ValueError unless each is there exactly once."""
    found = {}
    for name, array in marks().items():
        content = _laid_out(array)
        if (count := file.count(content)) != 1:
            raise ValueError(f"The marks of {name} are {count} times in the LiteRT file, not once. Write {FILE.name} "
                             "anew with `python -m fmnist.training.export`.")  # fmt: skip
        found[name] = file.index(content)
    return found


def filled(weights: dict[str, np.ndarray]) -> bytes:
    """The LiteRT file of a network with these weights. Raises ValueError when a name or a shape is not its own."""
    shapes = {name: array.shape for name, array in weights.items()}
    if shapes != WEIGHT_SHAPES:
        raise ValueError(f"These weights are {shapes}; the network needs {WEIGHT_SHAPES}.")
    template, place_of = _template()
    file = bytearray(template)
    for name, array in weights.items():
        content = _laid_out(array)
        file[place_of[name] : place_of[name] + len(content)] = content
    return bytes(file)


@cache
def _template() -> tuple[bytes, dict[str, int]]:
    file = FILE.read_bytes()
    return file, places(file)


def _laid_out(array: np.ndarray) -> bytes:
    """An array's bytes as LiteRT keeps them: the outputs first, then Keras's order, little-endian."""
    return np.moveaxis(array, -1, 0).astype("<f4").tobytes()
