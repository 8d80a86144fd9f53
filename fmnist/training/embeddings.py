"""Embeddings: the activations of the last hidden layer, in which similar images lie close together."""

from collections.abc import Callable
from functools import cache

import keras
import numpy as np

from fmnist.training.ghost_batch import SIDES
from fmnist.training.loop import CHUNK, forward_pass
from fmnist.training.network import build, initial_weights, set_weights
from fmnist.types import Arrays

LAYER = "dense_1"
FLOAT16_MAX = float(np.finfo(np.float16).max)
# Images a call: a chunk for each thread.
IMAGES = SIDES * CHUNK


def embeddings(
    weights: Arrays,
    images: dict[str, np.ndarray],
    on_progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> dict[str, np.ndarray] | None:
    """Return the outputs of `dense_1`, float16 (n, 54), for each split's images, uint8 (n, 28, 28).

    `on_progress` receives the finished share. None when `should_stop`, called every 500 images, returns true.
    """
    network, outputs_of = _network_and_embedder()
    set_weights(network, weights)
    total, done = sum(map(len, images.values())), 0
    chunks: dict[str, list[np.ndarray]] = {split: [] for split in images}
    for split, inputs in images.items():
        for first in range(0, len(inputs), IMAGES):
            if should_stop():
                return None
            # A larger value would become infinite, and so every distance to it.
            values = outputs_of(inputs[first : first + IMAGES]).clip(-FLOAT16_MAX, FLOAT16_MAX)
            chunks[split].append(values.astype(np.float16))
            done += len(chunks[split][-1])
            on_progress(done / total)
    return {split: np.concatenate(parts) for split, parts in chunks.items()}


@cache
def _network_and_embedder() -> tuple[keras.Model, Callable[[np.ndarray], np.ndarray]]:
    """Return a network to set weights in, and its forward pass up to `LAYER`, traced once for all runs."""
    network = build(initial_weights(0))
    return network, forward_pass(keras.Model(network.inputs, network.get_layer(LAYER).output))
