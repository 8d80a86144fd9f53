"""Prediction with LiteRT: a network opens in milliseconds, without TensorFlow."""

from threading import Lock

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from fmnist.architecture import IMAGE_SHAPE
from fmnist.inference.template import fill
from fmnist.system.streams import stderr_without


class Classifier:
    """The network of any finished epoch, from its weights, named and shaped as in `WEIGHT_SHAPES`; else ValueError.

    Images are uint8, 0 black to 255 white. Any thread may call it.
    """

    _first_run = Lock()
    _delegate_named = False

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        # One thread: an image takes less than 0.1 ms, and the cores belong to the training.
        self._run = Interpreter(model_content=fill(weights), num_threads=1).get_signature_runner()
        # An interpreter holds one image's values; two threads would mix theirs.
        self._lock = Lock()
        with Classifier._first_run:
            if not Classifier._delegate_named:
                # LiteRT writes which delegate it made at the first run in a process, and has no setting for it.
                with stderr_without("Created TensorFlow Lite XNNPACK delegate"):
                    self.activations(np.zeros(IMAGE_SHAPE[:2]))
                Classifier._delegate_named = True

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Return logits float32 (n, 10) of images (n, 28, 28)."""
        # One at a time: larger batches leave the processor's cache and are slower.
        return np.array([self.activations(image)["logits"] for image in images], np.float32).reshape(-1, 10)

    def activations(self, image: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output for one image (28, 28): float32 by the layer's name, shaped as in `LAYERS`."""
        pixels = np.asarray(image, np.float32).reshape(1, *IMAGE_SHAPE) / 255
        with self._lock:
            outputs = self._run(images=pixels)
        return {name: output[0] for name, output in outputs.items()}
