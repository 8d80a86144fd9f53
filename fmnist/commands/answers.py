"""The commands that ask a trained network. Of a test image its run stored the logits; only a file is run through it."""

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fmnist.commands.data import opened_dataset
from fmnist.commands.group import Refusal, as_json
from fmnist.settings import Settings

if TYPE_CHECKING:  # NumPy and the store are loaded by the command that needs them, not by --help
    import numpy as np

    from fmnist.runs.store import Store

epoch_option = click.option("--epoch", type=int, help="The network after this epoch.  [default: the last finished]")


@click.command()
@click.argument("run", required=False)
@epoch_option
@as_json
def evaluate(run: str | None, epoch: int | None, as_json: bool) -> None:
    """Say how well a network does on the test set.

    RUN is a number or an id; without it, the newest run with a finished epoch.
    """
    from fmnist.analysis.evaluation import accuracy, cross_entropy
    from fmnist.commands.naming import finished_epoch
    from fmnist.data.dataset import CLASS_NAMES
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
    }
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.echo(f"Run {found.number} ({found.id}) after epoch {epoch}, on the {len(test):,} test images:")
    click.echo(f"accuracy {answer['accuracy']:.4f}, loss {answer['loss']:.4f}")
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
    from fmnist.commands.naming import finished_epoch
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    asked = _asked_of_the_test_set if image.isdecimal() else _asked_of_a_file
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        logits, about = asked(image, store, found.id, epoch)
    answer = {"run": found.number, "id": found.id, "epoch": epoch, **about, **_said(logits)}
    if as_json:
        click.echo(json.dumps(answer))
        return
    what = f"Test image {image}" if image.isdecimal() else f"{image}, as 28 × 28 greys"
    click.echo(f"{what}, run {found.number} ({found.id}) after epoch {epoch}:")
    if "true_class" in about:
        click.echo(f"true class       {answer['true_class']}")
    click.echo(f"predicted class  {answer['predicted_class']}, confidence {answer['confidence']:.2%}")
    if "weaker_test_images" in about:
        unlike = "" if answer["familiar"] else "; it is unlike what the network learned from"
        click.echo(f"test images that get so weak an answer: {answer['weaker_test_images']:.1%}{unlike}")
    click.echo("               probability  notebook's score")
    for name, probability in answer["probabilities"].items():
        click.echo(f"  {name:<12}  {probability:>10.4%}  {answer['notebook_scores'][name]:>16.4f}")


def _asked_of_the_test_set(index: str, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """The logits (10,) that the run stored for a test image, and which image it is."""
    from fmnist.data.dataset import CLASS_NAMES

    # Python refuses to read thousands of digits; forty are no index either.
    sample = opened_dataset(Settings.from_environment()).sample("test", int(index[:40]))
    return store.logits(run_id, epoch)[sample.index], {
        "index": sample.index,
        "true_class": CLASS_NAMES[sample.label],
    }


def _asked_of_a_file(path: str, store: "Store", run_id: str, epoch: int) -> tuple["np.ndarray", dict[str, Any]]:
    """The logits (10,) that the network gives for a picture, and whether it knows such pictures."""
    from fmnist.analysis.familiarity import UNFAMILIAR, share_weaker
    from fmnist.inference.classifier import Classifier
    from fmnist.inference.picture import prepared

    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Refusal(
            f"{path!r} is neither an index of the test set, 0 to 9999, nor a file that can be read ({error.strerror})."
        ) from error
    image = prepared(content)
    logits = Classifier(store.weights(run_id, epoch)).logits(image[None])[0]
    share = share_weaker(logits, store.logits(run_id, epoch))
    return logits, {"file": path, "weaker_test_images": share, "familiar": share >= UNFAMILIAR}


def _said(logits: "np.ndarray") -> dict[str, Any]:
    from fmnist.analysis.evaluation import predictions, sigmoid, softmax
    from fmnist.data.dataset import CLASS_NAMES

    probabilities, scores = softmax(logits).tolist(), sigmoid(logits).tolist()
    predicted = int(predictions(logits))
    return {
        "predicted_class": CLASS_NAMES[predicted],
        "confidence": probabilities[predicted],
        "probabilities": dict(zip(CLASS_NAMES, probabilities, strict=True)),
        "notebook_scores": dict(zip(CLASS_NAMES, scores, strict=True)),
    }
