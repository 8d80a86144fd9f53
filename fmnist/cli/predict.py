"""The command `predict`: from the stored logits of a test image, or by a forward pass for a file."""

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fmnist.cli.data import fetch_dataset
from fmnist.cli.group import CommandError, as_json, epoch_option, whole_number
from fmnist.settings import Settings

if TYPE_CHECKING:  # NumPy and the store are loaded by the command that needs them, not by --help
    import numpy as np

    from fmnist.runs.store import Store


@click.command()
@click.argument("image", metavar="INDEX|FILE")
@click.option("--run", metavar="RUN", help="A run's number or id.  [default: the newest with a finished epoch]")
@epoch_option
@as_json
def predict(image: str, run: str | None, epoch: int | None, as_json: bool) -> None:
    """Predict the class of an image.

    INDEX is the image's place in the test set, 0 to 9999; FILE is a PNG or JPEG, which is converted to
    28 × 28 greys. Probabilities are the softmax of the network's ten values; the notebook's scores are
    their sigmoids, each class alone, and so do not sum to 1.
    """
    from fmnist.cli.resolve import finished_epoch
    from fmnist.runs.outcome import degenerate_warning
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    index = whole_number(image)
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        if index is None:
            logits, details = _predict_file(image, store, found.id, epoch)
        else:
            logits, details = _predict_test_image(index, store, found.id, epoch)
    warning = degenerate_warning(found, epoch)
    answer = {"run": found.number, "id": found.id, "epoch": epoch, **details, **_scores(logits)}
    answer["learned_nothing"] = warning is not None
    if as_json:
        click.echo(json.dumps(answer))
        return
    title = f"{click.format_filename(image)}, as 28 × 28 greys" if index is None else f"Test image {index}"
    click.echo(f"{title}, run {found.number} ({found.id}) after epoch {epoch}:")
    if warning:
        click.echo(str(warning))
    if "true_class" in details:
        click.echo(f"true class       {answer['true_class']}")
    click.echo(f"predicted class  {answer['predicted_class']}, confidence {answer['confidence']:.2%}")
    if "in_distribution" in details:
        click.echo(f"{'in' if answer['in_distribution'] else 'out of'} distribution: {_ood_reason(details)}")
    click.echo("               probability  notebook's score")
    for name, probability in answer["probabilities"].items():
        click.echo(f"  {name:<12}  {probability:>10.4%}  {answer['notebook_scores'][name]:>16.4f}")


def _predict_test_image(index: int, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """Return the stored logits (10,) of a test image, and its index and true class."""
    from fmnist.data.dataset import CLASS_NAMES

    sample = fetch_dataset(Settings.from_environment()).sample("test", index)
    return store.logits(run_id, epoch)[sample.index], {
        "index": sample.index,
        "true_class": CLASS_NAMES[sample.label],
    }


def _predict_file(path: str, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """Return the network's logits (10,) for a picture, and the result of out-of-distribution detection."""
    from fmnist.analysis.metrics import rounded
    from fmnist.analysis.ood import detect
    from fmnist.inference.classifier import Classifier
    from fmnist.inference.preprocessing import preprocess
    from fmnist.inference.reader import FROM_DISK
    from fmnist.runs.ood import distances_of

    try:
        with Path(path).open("rb") as stream:
            content = stream.read(FROM_DISK.size + 1)  # a device may never end
    except OSError as error:
        raise CommandError(
            f"{path!r} is neither an index of the test set, 0 to 9999, nor a file that can be read ({error.strerror})."
        ) from error
    image, weights = preprocess(content), store.weights(run_id, epoch)
    activations = Classifier(weights).activations(image)
    detection = detect(image, activations, store.logits(run_id, epoch), distances_of(weights))
    return rounded(activations["logits"]), {
        "file": path,
        "in_distribution": detection.in_distribution,
        "ood_score": detection.score,
        "ood_percentile": detection.percentile,
    }


def _ood_reason(details: dict[str, Any]) -> str:
    share = f"{details['ood_percentile']:.1%}"
    if details["ood_score"] == "distance":
        reason = f"{share} of the held-out images are as far from an average image of the nearest class, in what the "
        return reason + "layers make of them"
    reason = f"{share} of the test images have ten outputs that together are as low"
    return f"{reason}; many foreign pictures pass this check" if details["in_distribution"] else reason


def _scores(logits: "np.ndarray") -> dict[str, Any]:
    from fmnist.analysis.metrics import predictions, sigmoid, softmax
    from fmnist.data.dataset import CLASS_NAMES

    probabilities, scores = softmax(logits).tolist(), sigmoid(logits).tolist()
    predicted = int(predictions(logits))
    return {
        "predicted_class": CLASS_NAMES[predicted],
        "confidence": probabilities[predicted],
        "probabilities": dict(zip(CLASS_NAMES, probabilities, strict=True)),
        "notebook_scores": dict(zip(CLASS_NAMES, scores, strict=True)),
    }
