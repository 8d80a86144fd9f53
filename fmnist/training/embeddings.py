"""What a trained network makes of images before its last layer: the values by which it finds two images alike."""

from collections.abc import Callable

import keras
import numpy as np

from fmnist.training.halves import SIDES
from fmnist.training.loop import CHUNK, forward_pass
from fmnist.training.network import Weights, build

LAYER = "dense_1"
# Asked at once: a chunk for each thread.
IMAGES = SIDES * CHUNK


def embeddings(
    weights: Weights,
    images: dict[str, np.ndarray],
    on_progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> dict[str, np.ndarray] | None:
    """The outputs of `dense_1`, float16 (n, 54), of every split's images, uint8 (n, 28, 28).

    `on_progress` hears the share that is done. None when `should_stop`, asked every 500 images, says so.
    """
    model = build(weights)
    outputs_of = forward_pass(keras.Model(model.inputs, model.get_layer(LAYER).output))
    total, done = sum(map(len, images.values())), 0
    chunks: dict[str, list[np.ndarray]] = {split: [] for split in images}
    for split, its_images in images.items():
        for first in range(0, len(its_images), IMAGES):
            if should_stop():
                return None
            chunks[split].append(outputs_of(its_images[first : first + IMAGES]))
            done += len(chunks[split][-1])
            on_progress(done / total)
    return {split: np.concatenate(parts) for split, parts in chunks.items()}
