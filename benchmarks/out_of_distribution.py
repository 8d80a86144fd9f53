"""Detection of out-of-distribution pictures: python -m benchmarks.out_of_distribution.

The network that comes with the project is asked about eleven kinds of pictures that nothing was chosen on, drawn anew
by each of five seeds, and about clothes.
"""

from functools import partial
from pathlib import Path
from statistics import fmean

import click
import numpy as np

from benchmarks.own_pictures import CONDITIONS, taken
from benchmarks.report import Figure, milliseconds, outputs, report, spread
from fmnist.analysis.ood import ClassDistances, Detection, detect
from fmnist.data.dataset import load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.pretrained.network import read
from fmnist.recipe import Recipe
from fmnist.runs.ood import distances_of
from fmnist.settings import Settings
from testing.foreign import JUDGED_BY, seen

SEEDS = range(1, 6)
EACH = 300


def found(images: np.ndarray) -> dict[str, float]:
    """Return the percentage of images (n, 28, 28) that are detected, by each score."""
    epoch = read().kept[-1]
    classifier, distances = Classifier(epoch.weights), distances_of(epoch.weights)
    activations = [(image, classifier.activations(image)) for image in images]
    return {
        score: 100 * fmean(not detect(*each, epoch.test_logits, fitted).in_distribution for each in activations)
        for score, fitted in (("distance", distances), ("energy", None))
    }


def figures_of(name: str, shares: list[dict[str, float]], wanted: dict[str, float]) -> list[Figure]:
    """Return both scores' means over the seeds, with their standard deviations where there are several."""
    figures = []
    for score in ("distance", "energy"):
        each = [share[score] for share in shares]
        bound = wanted if score == "distance" else {}
        figures.append(Figure(f"{name}, {score}", float(np.mean(each)), "%", **bound))
        if len(each) > 1:
            figures.append(Figure(f"{name}, {score}, sd over the seeds", float(np.std(each, ddof=1)), "%"))
    return figures


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the true and false positive rates of the detection."""
    figures: list[Figure] = []
    kinds = []
    for name, generator in JUDGED_BY.items():
        kinds.append([found(seen(generator, seed, EACH)) for seed in SEEDS])
        figures += figures_of(name, kinds[-1], {"least": 75})
    averages = [
        {score: float(np.mean([each[score] for each in one])) for score in one[0]} for one in zip(*kinds, strict=True)
    ]
    figures += figures_of("average of the kinds", averages, {"least": 90})

    dataset = load_dataset(Settings.from_environment())
    _train, held_out = dataset.train_validation_split(Recipe())
    clothes = {"test images": dataset.test.images, "held-out images": held_out.images}
    clothes |= {f"held-out images {name}": taken(held_out.images[:EACH], how) for name, how in CONDITIONS.items()}
    for name, images in clothes.items():
        figures += figures_of(f"false alarms: {name}", [found(images)], {})

    epoch = read().kept[-1]
    classifier, distances = Classifier(epoch.weights), distances_of(epoch.weights)

    def judged(fitted: ClassDistances | None, image: np.ndarray) -> Detection:
        return detect(image, classifier.activations(image), epoch.test_logits, fitted)

    for name, fitted in (("the answer and its distance", distances), ("the answer and its energy", None)):
        figures += spread(name, milliseconds(partial(judged, fitted), dataset.test.images[:1_000]), None)
    report("Out-of-distribution pictures", figures, file)


if __name__ == "__main__":
    main()
