"""The commands that ask a trained network. Of a test image its run stored the logits; only a file is run through it."""

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fmnist.cli.data import opened_dataset
from fmnist.cli.group import Refusal, as_json, epoch_option, whole_number
from fmnist.settings import Settings

if TYPE_CHECKING:  # NumPy and the store are loaded by the command that needs them, not by --help
    import numpy as np

    from fmnist.runs.store import Store


@click.command()
@click.argument("run", required=False)
@epoch_option
@as_json
def evaluate(run: str | None, epoch: int | None, as_json: bool) -> None:
    """Say how well a network does on the test set.

    RUN is a number or an id; without it, the newest run with a finished epoch.
    """
    from fmnist.analysis.metrics import accuracy, cross_entropy
    from fmnist.cli.resolve import finished_epoch
    from fmnist.data.dataset import CLASS_NAMES
    from fmnist.runs.outcome import lesson
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        logits = store.logits(found.id, epoch)
    test = opened_dataset(settings).test
    of_class = {
        name: accuracy(logits[test.labels == label], test.labels[test.labels == label])
        for label, name in enumerate(CLASS_NAMES)
    }
    answer = {
        "run": found.number,
        "id": found.id,
        "epoch": epoch,
        "accuracy": accuracy(logits, test.labels),
        "loss": cross_entropy(logits, test.labels),
        "class_accuracy": of_class,
        "learned_nothing": lesson(found, epoch) is not None,
    }
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.echo(f"Run {found.number} ({found.id}) after epoch {epoch}, on the {len(test):,} test images:")
    click.echo(f"accuracy {answer['accuracy']:.4f}, loss {answer['loss']:.4f}")
    if told := lesson(found, epoch):
        click.echo(str(told))
    for name, share in of_class.items():
        click.echo(f"  {name:<12} {share:.3f}")


@click.command()
@click.argument("image", metavar="INDEX|FILE")
@click.option("--run", metavar="RUN", help="A run's number or id.  [default: the newest with a finished epoch]")
@epoch_option
@as_json
def predict(image: str, run: str | None, epoch: int | None, as_json: bool) -> None:
    """Say what a network takes an image for.

    INDEX is the image's place in the test set, 0 to 9999; FILE is a picture of one's own, PNG or JPEG, of which the
    network sees 28 × 28 greys. Probabilities are the softmax of the network's ten values; the notebook's scores are
    their sigmoids, each class alone, and so do not sum to 1.
    """
    from fmnist.cli.resolve import finished_epoch
    from fmnist.runs.outcome import lesson
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    index = whole_number(image)
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        if index is None:
            logits, about = _asked_of_a_file(image, store, found.id, epoch)
        else:
            logits, about = _asked_of_the_test_set(index, store, found.id, epoch)
    told = lesson(found, epoch)
    answer = {"run": found.number, "id": found.id, "epoch": epoch, **about, **_said(logits)}
    answer["learned_nothing"] = told is not None
    if as_json:
        click.echo(json.dumps(answer))
        return
    what = f"{click.format_filename(image)}, as 28 × 28 greys" if index is None else f"Test image {index}"
    click.echo(f"{what}, run {found.number} ({found.id}) after epoch {epoch}:")
    if told:
        click.echo(str(told))
    if "true_class" in about:
        click.echo(f"true class       {answer['true_class']}")
    click.echo(f"predicted class  {answer['predicted_class']}, confidence {answer['confidence']:.2%}")
    if "in_distribution" in about:
        click.echo(f"{'in' if answer['in_distribution'] else 'out of'} distribution: {_reason(about)}")
    click.echo("               probability  notebook's score")
    for name, probability in answer["probabilities"].items():
        click.echo(f"  {name:<12}  {probability:>10.4%}  {answer['notebook_scores'][name]:>16.4f}")


def _asked_of_the_test_set(index: int, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """The logits (10,) that the run stored for a test image, and which image it is."""
    from fmnist.data.dataset import CLASS_NAMES

    sample = opened_dataset(Settings.from_environment()).sample("test", index)
    return store.logits(run_id, epoch)[sample.index], {
        "index": sample.index,
        "true_class": CLASS_NAMES[sample.label],
    }


def _asked_of_a_file(path: str, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """The logits (10,) that the network gives for a picture, and whether it was trained on such pictures."""
    from fmnist.analysis.metrics import rounded
    from fmnist.analysis.ood import detect
    from fmnist.inference.classifier import Classifier
    from fmnist.inference.preprocessing import prepared
    from fmnist.inference.reader import FROM_DISK
    from fmnist.runs.ood import distances_of

    try:
        with Path(path).open("rb") as stream:
            content = stream.read(FROM_DISK.size + 1)  # a device may never end
    except OSError as error:
        raise Refusal(
            f"{path!r} is neither an index of the test set, 0 to 9999, nor a file that can be read ({error.strerror})."
        ) from error
    image, weights = prepared(content), store.weights(run_id, epoch)
    activations = Classifier(weights).activations(image)
    detection = detect(image, activations, store.logits(run_id, epoch), distances_of(weights))
    return rounded(activations["logits"]), {
        "file": path,
        "in_distribution": detection.in_distribution,
        "ood_score": detection.score,
        "ood_percentile": detection.percentile,
    }


def _reason(about: dict[str, Any]) -> str:
    share = f"{about['ood_percentile']:.1%}"
    if about["ood_score"] == "distance":
        told = f"{share} of the held-out images are as far from an average image of the nearest class, in what the "
        return told + "layers make of them"
    told = f"{share} of the test images have ten outputs that together are as low"
    return f"{told}; many foreign pictures pass this check" if about["in_distribution"] else told


def _said(logits: "np.ndarray") -> dict[str, Any]:
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
