"""The notebook's two figures, drawn as the notebook draws them.

`python -m fmnist.figures NAME FORMAT` draws one of the arrays (.npz) on stdin; `fmnist.drawing` calls that.
"""

import io
import sys
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from fmnist.drawing import FileFormat


def grid(images: np.ndarray, names: Sequence[str]) -> Figure:
    """Up to 25 images (n, 28, 28) uint8 in a 5×5 grid of 10×10 inches, the class name under each."""
    figure = Figure(figsize=(10, 10))
    for place, (image, name) in enumerate(zip(images, names, strict=True), start=1):
        axes = figure.add_subplot(5, 5, place)
        axes.imshow(image, cmap="gray", vmin=0, vmax=255)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel(name)
    return figure


def accuracy_over_epochs(accuracy: Sequence[float], val_accuracy: Sequence[float]) -> Figure:
    """Accuracy in training (cyan) and in validation (navy) over the epochs, from 0 to 1."""
    figure = Figure()
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


def as_file(figure: Figure, file_format: FileFormat) -> bytes:
    """The figure as the content of a file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, bbox_inches="tight")
    return buffer.getvalue()


if __name__ == "__main__":
    figure_of = {"grid": grid, "accuracy_over_epochs": accuracy_over_epochs}[sys.argv[1]]
    figure = figure_of(**np.load(io.BytesIO(sys.stdin.buffer.read())))
    sys.stdout.buffer.write(as_file(figure, sys.argv[2]))
