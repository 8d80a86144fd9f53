"""A network's files for other programs, made from its stored weights. Each describes its input and output.

One way: nothing here is ever loaded again.
"""

import json
from typing import Any, Literal

import numpy as np
from safetensors.numpy import save

from fmnist.architecture import INPUT, OUTPUT
from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.template import METADATA, archive, fill, fill_archive

Format = Literal["litert", "safetensors", "keras"]

ENDINGS: dict[Format, str] = {"litert": "tflite", "safetensors": "safetensors", "keras": "keras"}
ABOUT: dict[str, Any] = {"input": INPUT, "output": OUTPUT, "class_names": CLASS_NAMES}


def network_file(file_format: Format, weights: dict[str, np.ndarray]) -> bytes:
    """Return the content of a network's file. Raises ValueError when the weights are not the network's.

    LiteRT takes the images and gives every layer's output by its name, the logits first; metadata.json is in a ZIP
    archive behind it, as TensorFlow Lite's tools append files. The Keras archive is compiled, with its metadata.json.
    Of safetensors, the metadata are in the header.
    """
    match file_format:
        case "litert":
            return archive({METADATA: json.dumps(ABOUT).encode()}, before=fill(weights))
        case "safetensors":
            # One entry: of several, the order in the file is another each time.
            return save(weights, {METADATA: json.dumps(ABOUT)})
        case "keras":
            return fill_archive(weights, ABOUT)


def file_name(file_format: Format, run_number: int, epoch: int) -> str:
    """Return the file name of a run's network after an epoch: run-3-epoch-10.tflite."""
    return f"run-{run_number}-epoch-{epoch}.{ENDINGS[file_format]}"
