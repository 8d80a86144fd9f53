"""Templates of the network's files, LiteRT and Keras: weights are written over the placeholders."""

import io
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from fmnist.architecture import PARAMETERS, WEIGHT_SHAPES

# `python -m fmnist.training.export` writes both, after a change of the layers.
FILE = Path(__file__).with_name("network.tflite")
ARCHIVE = Path(__file__).with_name("network.keras")
# The members of a Keras archive that are filled in; config.json stays as Keras wrote it.
METADATA, HDF5 = "metadata.json", "model.weights.h5"

Layout = Callable[[np.ndarray], bytes]


def litert_layout(array: np.ndarray) -> bytes:
    """Return an array's bytes as LiteRT keeps them: the outputs first, then Keras's order, little-endian."""
    return np.moveaxis(array, -1, 0).astype("<f4").tobytes()


def hdf5_layout(array: np.ndarray) -> bytes:
    """Return an array's bytes as Keras keeps them in HDF5: in Keras's order, little-endian."""
    return array.astype("<f4").tobytes()


def placeholder_weights() -> dict[str, np.ndarray]:
    """Return float32 weights that count 1, 2, 3 … through all arrays: each array is found by its bytes."""
    # Up to 2**24, float32 holds whole numbers exactly.
    numbers = np.arange(1, PARAMETERS + 1, dtype=np.float32)
    weights = {}
    for name, shape in WEIGHT_SHAPES.items():
        weights[name], numbers = numbers[: np.prod(shape)].reshape(shape), numbers[np.prod(shape) :]
    return weights


def find_offsets(file: bytes, layout: Layout = litert_layout) -> dict[str, int]:
    """Return the offset of each placeholder in a file. Raises ValueError unless each is there exactly once."""
    found = {}
    for name, array in placeholder_weights().items():
        content = layout(array)
        if (count := file.count(content)) != 1:
            raise ValueError(f"The placeholders of {name} are {count} times in the file, not once. Write the "
                             "templates anew with `python -m fmnist.training.export`.")  # fmt: skip
        found[name] = file.index(content)
    return found


def fill(weights: dict[str, np.ndarray]) -> bytes:
    """Return the LiteRT file of these weights. Raises ValueError when a name or a shape is not the network's."""
    return _write_weights(*_litert_template(), litert_layout, weights)


def fill_archive(weights: dict[str, np.ndarray], about: Mapping[str, object]) -> bytes:
    """Return the Keras archive of these weights, with `about` in its metadata.json. Raises ValueError, too."""
    members, offsets = _keras_template()
    metadata = json.loads(members[METADATA]) | dict(about)
    hdf5 = _write_weights(members[HDF5], offsets, hdf5_layout, weights)
    members = members | {METADATA: json.dumps(metadata).encode(), HDF5: hdf5}
    return archive(members)


def archive(members: Mapping[str, bytes], before: bytes = b"") -> bytes:
    """Return a ZIP archive of files by name, behind other content; equal files give equal bytes at any time."""
    buffer = io.BytesIO(before)
    with ZipFile(buffer, "a") as file:
        for name, content in members.items():
            file.writestr(ZipInfo(name), content, compress_type=ZIP_DEFLATED)
    return buffer.getvalue()


def _write_weights(template: bytes, offsets: dict[str, int], layout: Layout, weights: dict[str, np.ndarray]) -> bytes:
    shapes = {name: array.shape for name, array in weights.items()}
    if shapes != WEIGHT_SHAPES:
        raise ValueError(f"These weights are {shapes}; the network needs {WEIGHT_SHAPES}.")
    file = bytearray(template)
    for name, array in weights.items():
        content = layout(array)
        file[offsets[name] : offsets[name] + len(content)] = content
    return bytes(file)


@cache
def _litert_template() -> tuple[bytes, dict[str, int]]:
    file = FILE.read_bytes()
    return file, find_offsets(file)


@cache
def _keras_template() -> tuple[dict[str, bytes], dict[str, int]]:
    with ZipFile(ARCHIVE) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return members, find_offsets(members[HDF5], hdf5_layout)
