"""Figures drawn in a separate process.

Matplotlib would take 45 MB of the web server, and while it draws no other visitor's page would move for a second.
"""

import io
import subprocess
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from fmnist.system import subprocesses

FileFormat = Literal["png", "svg"]

# The points of more epochs run into each other and are drawn smaller.
MANY_EPOCHS = 40


def grid(images: np.ndarray, names: Sequence[str], file_format: FileFormat) -> bytes:
    """Return the file with up to 25 images (n, 28, 28) uint8 and their class names."""
    return _draw("grid", file_format, images=images, names=np.array(names))


class Curves(NamedTuple):
    """Points of accuracy curves, one each of `run`, `curve`, `across` and `accuracy`, and how a page draws them."""

    run: list[str]
    curve: list[str]
    across: list[float]
    accuracy: list[float]
    # The two names of curves, the solid line's first.
    kinds: tuple[str, str]
    # Of both axes, and what they show.
    titles: tuple[str, str]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    colors: list[str]


def accuracy_curves(curves: Curves, file_format: FileFormat) -> bytes:
    """Return the file with the chart of accuracies that a page shows."""
    return _draw("accuracy_curves", file_format, **curves._asdict())


def _draw(figure: str, file_format: FileFormat, **arrays: Any) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    drawn = subprocess.run(
        subprocesses.command("fmnist.plots.figures", figure, file_format),
        input=packed.getvalue(), env=subprocesses.environment(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return drawn.stdout
