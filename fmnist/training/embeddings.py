"""What a trained network makes of images before its last layer: the values by which it finds two images alike."""

from collections.abc import Callable
from functools import cache

import keras
import numpy as np

from fmnist.training.ghost_batch import SIDES
from fmnist.training.loop import CHUNK, forward_pass
from fmnist.training.network import build, first_weights, load_weights
from fmnist.types import Arrays

LAYER = "dense_1"
FLOAT16_MAX = float(np.finfo(np.float16).max)
# Asked at once: a chunk for each thread.
IMAGES = SIDES * CHUNK


def embeddings(
    weights: Arrays,
    images: dict[str, np.ndarray],
    on_progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> dict[str, np.ndarray] | None:
    """The outputs of `dense_1`, float16 (n, 54), of every split's images, uint8 (n, 28, 28).

    `on_progress` hears the share that is done. None when `should_stop`, asked every 500 images, says so.
    """
    network, outputs_of = _hidden()
    load_weights(network, weights)
    total, done = sum(map(len, images.values())), 0
    chunks: dict[str, list[np.ndarray]] = {split: [] for split in images}
    for split, its_images in images.items():
        for first in range(0, len(its_images), IMAGES):
            if should_stop():
                return None
            # Further out a value would become infinite, and so every distance to it.
            values = outputs_of(its_images[first : first + IMAGES]).clip(-FLOAT16_MAX, FLOAT16_MAX)
            chunks[split].append(values.astype(np.float16))
            done += len(chunks[split][-1])
            on_progress(done / total)
    return {split: np.concatenate(parts) for split, parts in chunks.items()}


@cache
def _hidden() -> tuple[keras.Model, Callable[[np.ndarray], np.ndarray]]:
    """The network that is given a run's weights, and its forward pass as far as `LAYER`, traced once for all runs."""
    network = build(first_weights(0))
    return network, forward_pass(keras.Model(network.inputs, network.get_layer(LAYER).output))
