"""The notebook's grid of images and the page's chart of accuracies, as files.

`python -m fmnist.plots.figures NAME FORMAT` draws one of the arrays (.npz) on stdin, as
`fmnist.plots.rendering` does.
"""

import io
import sys
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from fmnist.plots.rendering import MANY_EPOCHS


def grid(images: np.ndarray, names: Sequence[str]) -> Figure:
    """Return up to 25 images (n, 28, 28) uint8 in a 5×5 grid of 10×10 inches, the class name under each."""
    figure = Figure(figsize=(10, 10))
    for place, (image, name) in enumerate(zip(images, names, strict=True), start=1):
        axes = figure.add_subplot(5, 5, place)
        axes.imshow(image, cmap="gray", vmin=0, vmax=255)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel(name)
    return figure


def accuracy_curves(
    run: np.ndarray, curve: np.ndarray, across: np.ndarray, accuracy: np.ndarray, kinds: np.ndarray,
    titles: np.ndarray, x_range: np.ndarray, y_range: np.ndarray, colors: np.ndarray,
) -> Figure:  # fmt: skip
    """Return the page's chart of accuracies, of what `fmnist.plots.rendering.Curves` holds, as arrays; 8×5 inches."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    runs = list(dict.fromkeys(run))
    marker_size = 6 if len(across) <= len(runs) * 2 * MANY_EPOCHS else 3
    for of_run, name in enumerate(runs):
        for of_kind, (kind, line, marker) in enumerate(zip(kinds, ("-", "--"), ("o", "s"), strict=True)):
            drawn = (run == name) & (curve == kind)
            axes.plot(
                across[drawn], accuracy[drawn], linestyle=line, marker=marker, markersize=marker_size,
                color=colors[(of_run if len(runs) > 1 else of_kind) % len(colors)],
                label=f"{name}, {kind}" if len(runs) > 1 else kind,
            )  # fmt: skip
    axes.set_xlabel(titles[0])
    axes.set_ylabel(titles[1])
    axes.set_xlim(*x_range)
    axes.set_ylim(*y_range)
    axes.locator_params("x", integer=True)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _place: f"{100 * value:.6g}%")
    axes.grid(visible=True, color="0.9")
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def as_file(figure: Figure, file_format: str) -> bytes:
    """Return the figure as the content of a file, in a format that Matplotlib writes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, bbox_inches="tight")
    return buffer.getvalue()


if __name__ == "__main__":
    figures: dict[str, Callable[..., Figure]] = {"grid": grid, "accuracy_curves": accuracy_curves}
    figure = figures[sys.argv[1]](**np.load(io.BytesIO(sys.stdin.buffer.read())))
    sys.stdout.buffer.write(as_file(figure, sys.argv[2]))
