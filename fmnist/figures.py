"""The notebook's two figures, drawn as the notebook draws them."""

import io
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FileFormat = Literal["png", "svg"]

# Figures are drawn without pyplot, which keeps one list of them for all threads; fonts are shared all the same.
_drawing = threading.Lock()


def grid(images: np.ndarray, names: Sequence[str]) -> "Figure":
    """Up to 25 images (n, 28, 28) uint8 in a 5×5 grid of 10×10 inches, the class name under each."""
    figure = _figure(figsize=(10, 10))
    for place, (image, name) in enumerate(zip(images, names, strict=True), start=1):
        axes = figure.add_subplot(5, 5, place)
        axes.imshow(image, cmap="gray", vmin=0, vmax=255)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel(name)
    return figure


def accuracy_over_epochs(accuracy: Sequence[float], val_accuracy: Sequence[float]) -> "Figure":
    """Accuracy in training (cyan) and in validation (navy) over the epochs, from 0 to 1."""
    figure = _figure()
    axes = figure.add_subplot()
    epochs = range(1, len(accuracy) + 1)
    axes.plot(epochs, accuracy, color="cyan", marker="." if len(accuracy) == 1 else None, label="accuracy")
    axes.plot(epochs, val_accuracy, color="navy", marker="." if len(accuracy) == 1 else None, label="val_accuracy")
    axes.set_title("Accuracy vs Epochs")
    axes.set_xlabel("Epoch")
    axes.set_ylabel("Accuracy")
    axes.set_ylim(0, 1)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(visible=True)
    axes.legend(loc="lower right")
    return figure


def as_file(figure: "Figure", file_format: FileFormat) -> bytes:
    """The figure as the content of a file."""
    buffer = io.BytesIO()
    with _drawing:
        figure.savefig(buffer, format=file_format, bbox_inches="tight")
    return buffer.getvalue()


def _figure(**traits: Any) -> "Figure":
    # Matplotlib takes 33 MB, which a web server spends only once somebody downloads a figure.
    from matplotlib.figure import Figure

    return Figure(**traits)
