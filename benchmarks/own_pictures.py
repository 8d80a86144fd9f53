"""Accuracy on photographs, and detection of pictures without clothing: python -m benchmarks.own_pictures.

Asks every network of the store. Photographs are made of the held-out images; what is no clothing is drawn by
`testing/foreign.py`, one seed. Five seeds for the project's own network: python -m benchmarks.out_of_distribution.
"""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import fmean

import click
import numpy as np
from PIL import Image

from benchmarks.report import Figure, milliseconds, outputs, report, spread
from fmnist.analysis.ood import detect
from fmnist.data.dataset import Split, load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import preprocess
from fmnist.recipe import Recipe
from fmnist.runs.ood import distances_of
from fmnist.runs.record import Run
from fmnist.runs.store import Store
from fmnist.settings import Settings
from testing.foreign import JUDGED_BY, seen
from testing.photographs import file_of, photograph

EACH = 300
Photograph = Callable[[np.ndarray, np.random.Generator], Image.Image]
CONDITIONS: dict[str, Photograph] = {
    "on white paper": photograph,
    "on a grey wall, with a shadow": partial(photograph, background=0.85, shadow=0.15, grain=0.02),
    "on wood, neither light nor dark": partial(photograph, background=0.55, grain=0.03),
    "on a dark table, light": partial(photograph, background=0.05, dark=False, grain=0.02),
}


def taken(images: np.ndarray, take: Photograph) -> np.ndarray:
    """Return preprocessed photographs of images, uint8 (n, 28, 28)."""
    random = np.random.default_rng(0)
    return np.array([preprocess(file_of(take(image, random))) for image in images])


def figures_of(run: Run, store: Store, images: dict[str, np.ndarray], held_out: Split) -> list[Figure]:
    """Return a network's accuracies and the shares of out-of-distribution pictures, in per cent."""
    epoch = run.kept[-1]
    weights, known = store.weights(run.id, epoch), store.logits(run.id, epoch)
    network, distances = Classifier(weights), distances_of(weights)
    figures = []
    for name, asked in images.items():
        title = f"run {run.number}, {run.recipe.name}: {name}"
        activations = [network.activations(image) for image in asked]
        detections = [detect(*each, known, distances) for each in zip(asked, activations, strict=True)]
        found = fmean(not each.in_distribution for each in detections)
        figures.append(Figure(f"{title}, out of distribution", 100 * found, "%"))
        if name.startswith("held-out"):
            predicted = np.array([each["logits"].argmax() for each in activations])
            figures.append(Figure(f"{title}, right", 100 * (predicted == held_out.labels).mean(), "%"))
    return figures


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure predictions for pictures that are not in the data set."""
    settings = Settings.from_environment()
    _train, whole = load_dataset(settings).train_validation_split(Recipe())
    held_out = Split("validation", whole.images[:EACH], whole.labels[:EACH])
    images = {"held-out images": held_out.images}
    images |= {f"held-out images {name}": taken(held_out.images, how) for name, how in CONDITIONS.items()}
    images |= {name: seen(generator, seed=1, number=EACH) for name, generator in JUDGED_BY.items()}
    figures: list[Figure] = []
    with closing(Store(settings.database_url)) as store:
        for run in store.runs():
            if run.kept:
                figures += figures_of(run, store, images, held_out)
    files = [file_of(photograph(image, np.random.default_rng(0)).resize((210, 280))) for image in held_out.images]
    report(
        "Own pictures",
        figures + spread("what the network sees of a photograph", milliseconds(preprocess, files), None),
        file,
    )


if __name__ == "__main__":
    main()
