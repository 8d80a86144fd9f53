"""Has the notebook's figures drawn by a process of its own.

Matplotlib would take 45 MB of the web server, and while it draws no other visitor's page would move for a second.
"""

import io
import subprocess
from collections.abc import Sequence
from typing import Literal

import numpy as np

from fmnist import program

FileFormat = Literal["png", "svg"]


def grid(images: np.ndarray, names: Sequence[str], file_format: FileFormat) -> bytes:
    """The file with up to 25 images (n, 28, 28) uint8 and their class names."""
    return _draw("grid", file_format, images=images, names=np.array(names))


def accuracy_over_epochs(accuracy: Sequence[float], val_accuracy: Sequence[float], file_format: FileFormat) -> bytes:
    """The file with both curves over the epochs."""
    return _draw("accuracy_over_epochs", file_format, accuracy=accuracy, val_accuracy=val_accuracy)


def _draw(figure: str, file_format: FileFormat, **arrays: np.ndarray | Sequence[float]) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    drawn = subprocess.run(
        program.command("fmnist.figures", figure, file_format),
        input=packed.getvalue(), env=program.environment(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return drawn.stdout
