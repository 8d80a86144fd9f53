"""Computations of the pages for one image: python -m benchmarks.inference."""

from pathlib import Path

import click
import numpy as np

from benchmarks.report import milliseconds, outputs, report, spread
from fmnist.analysis.neighbors import nearest
from fmnist.analysis.saliency import GRAD_CAM_CENTERS, OCCLUSION_CENTERS, grad_cam, occlusion, upsample
from fmnist.architecture import WEIGHT_SHAPES
from fmnist.data.dataset import load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.settings import Settings

TIMES = 100
LABEL = 6


def random_weights() -> dict[str, np.ndarray]:
    """Return an untrained network's weights, float32, with which a prediction takes as long as with trained ones."""
    random = np.random.default_rng(0)
    return {
        name: random.normal(0, (2 / np.prod(shape[:-1])) ** 0.5, shape).astype(np.float32)
        for name, shape in WEIGHT_SHAPES.items()
    }


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the explanations."""
    dataset = load_dataset(Settings.from_environment())
    images = dataset.test.images[:TIMES]
    weights = random_weights()
    classifier = Classifier(weights)
    # Rounded as the store keeps them, wide as the web server keeps them.
    embeddings = np.array([classifier.activations(image)["dense_1"] for image in dataset.train.images], np.float16)
    embeddings = embeddings.astype(np.float32)

    def explain(image: np.ndarray, network: Classifier = classifier) -> np.ndarray:
        return upsample(grad_cam(network.activations(image), weights, LABEL), GRAD_CAM_CENTERS)

    def explain_unopened(image: np.ndarray) -> np.ndarray:
        return explain(image, Classifier(weights))

    def cover(image: np.ndarray) -> np.ndarray:
        return upsample(occlusion(classifier.logits, image, LABEL), OCCLUSION_CENTERS)

    def widened(image: np.ndarray) -> np.ndarray:
        return embeddings.astype(np.float64)

    def neighbors(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return nearest(classifier.activations(image)["dense_1"], embeddings)

    figures = []
    for name, ask, most in (
        ("one call of LiteRT, to compare with", classifier.activations, None),
        ("feature maps and Grad-CAM of a new image", explain, 60),
        ("the same, and the epoch's network is opened", explain_unopened, 60),
        (f"occlusion map, {len(OCCLUSION_CENTERS)} × {len(OCCLUSION_CENTERS)} squares", cover, 300),
        ("one NumPy pass over the embeddings, to compare with", widened, None),
        (f"nearest neighbors among {len(embeddings):,} × {embeddings.shape[1]}", neighbors, 30),
    ):
        figures += spread(name, milliseconds(ask, images), most)
    report("Inference", figures, file)


if __name__ == "__main__":
    main()
