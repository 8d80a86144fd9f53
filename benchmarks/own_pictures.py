"""How a network fares with photographs, and with what is no clothing: python -m benchmarks.own_pictures.

Asks every network of the store. Photographs are made of the held-out images; foreign are the digits and the
photographs that come with scikit-learn, geometric shapes and letters, and noise.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits, load_sample_images

from benchmarks.report import Figure, as_json, milliseconds, report, spread
from fmnist.analysis.familiarity import UNFAMILIAR, share_weaker
from fmnist.data.dataset import Split, open_dataset
from fmnist.errors import InvalidPicture
from fmnist.inference.classifier import Classifier
from fmnist.inference.picture import prepared
from fmnist.recipe import Recipe
from fmnist.runs.record import Run
from fmnist.runs.store import Store
from fmnist.settings import Settings
from tests.photographs import file_of, photograph

EACH = 300
CONDITIONS = {
    "on white paper": {},
    "on a grey wall, with a shadow": {"background": 0.85, "shadow": 0.15, "grain": 0.02},
    "on wood, neither light nor dark": {"background": 0.55, "grain": 0.03},
    "on a dark table, light": {"background": 0.05, "dark": False, "grain": 0.02},
}


def taken(images: np.ndarray, conditions: dict[str, float | bool]) -> np.ndarray:
    """What the network sees of photographs of images, uint8 (n, 28, 28)."""
    random = np.random.default_rng(0)
    return np.array([prepared(file_of(photograph(image, random, **conditions))) for image in images])


def digits() -> Iterator[Image.Image]:
    """Digits that people wrote, black on white."""
    for digit in load_digits().images[:EACH]:
        grey = Image.fromarray((255 - digit * 255 / 16).astype(np.uint8)).resize((160, 160), Image.Resampling.BICUBIC)
        page = Image.new("L", (240, 240), 255)
        page.paste(grey, (40, 40))
        yield page


def pieces() -> Iterator[Image.Image]:
    """Squares of two photographs, of a temple and of a flower."""
    random = np.random.default_rng(0)
    for pixels in load_sample_images().images:
        for _ in range(EACH // 2):
            side = int(random.integers(60, 300))
            top, left = (int(random.integers(0, length - side)) for length in pixels.shape[:2])
            yield Image.fromarray(pixels[top : top + side, left : left + side])


def shapes() -> Iterator[Image.Image]:
    """Ellipses, triangles and capital letters."""
    random = np.random.default_rng(0)
    for number in range(EACH):
        page = Image.new("L", (300, 300), 255)
        drawing, grey = ImageDraw.Draw(page), int(random.integers(0, 180))
        corners = random.integers(20, 280, (3, 2))
        match number % 3:
            case 0:
                drawing.ellipse((*np.sort(corners[:2], axis=0).ravel(),), fill=grey)
            case 1:
                drawing.polygon([tuple(corner) for corner in corners.tolist()], fill=grey)
            case _:
                drawing.text((40, 10), chr(int(random.integers(65, 91))), fill=grey, font_size=230)
        yield page


def seen(pictures: Iterator[Image.Image]) -> np.ndarray:
    """What the network sees of pictures; those in which nothing stands out are refused, and left out."""
    images = []
    for picture in pictures:
        try:
            images.append(prepared(file_of(picture, "PNG")))
        except InvalidPicture:
            continue
    return np.array(images)


def figures_of(run: Run, store: Store, images: dict[str, np.ndarray], held_out: Split) -> list[Figure]:
    """One network's accuracies and the shares that are called unfamiliar, in per cent."""
    epoch = run.kept[-1]
    network, known = Classifier(store.weights(run.id, epoch)), store.logits(run.id, epoch)
    figures = []
    for name, asked in images.items():
        logits = network.logits(asked)
        unfamiliar = np.mean([share_weaker(one, known) < UNFAMILIAR for one in logits])
        figures.append(Figure(f"run {run.number}, {run.recipe.name}: {name}, called unfamiliar", 100 * unfamiliar, "%"))
        if name.startswith("held-out"):
            right = (logits.argmax(axis=1) == held_out.labels).mean()
            figures.append(Figure(f"run {run.number}, {run.recipe.name}: {name}, right", 100 * right, "%"))
    return figures


@click.command()
@as_json
def main(file: Path | None) -> None:
    """Measure what becomes of pictures that are not in the data set."""
    settings = Settings.from_environment()
    _train, whole = open_dataset(settings).training(Recipe())
    held_out = Split("validation", whole.images[:EACH], whole.labels[:EACH])
    images = {"held-out images": held_out.images}
    images |= {f"held-out images {name}": taken(held_out.images, how) for name, how in CONDITIONS.items()}
    images |= {"digits": seen(digits()), "pieces of photographs": seen(pieces()), "shapes and letters": seen(shapes())}
    images["noise"] = np.random.default_rng(0).integers(0, 256, (EACH, 28, 28), dtype=np.uint8)
    figures: list[Figure] = []
    with closing(Store(settings.database_url)) as store:
        for run in store.runs():
            if run.kept:
                figures += figures_of(run, store, images, held_out)
    files = [file_of(photograph(image, np.random.default_rng(0)).resize((210, 280))) for image in held_out.images]
    report(
        "Own pictures",
        figures + spread("what the network sees of a photograph", milliseconds(prepared, files), None),
        file,
    )


if __name__ == "__main__":
    main()
