"""The commands that ask a trained network, from the logits that its run stored: no network is run."""

import json
from contextlib import closing

import click

from fmnist.commands.data import opened_dataset
from fmnist.commands.group import as_json
from fmnist.settings import Settings

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
@click.argument("index", type=int)
@click.option("--run", metavar="RUN", help="A run's number or id.  [default: the newest with a finished epoch]")
@epoch_option
@as_json
def predict(index: int, run: str | None, epoch: int | None, as_json: bool) -> None:
    """Say what a network takes a test image for.

    INDEX is the image's place in the test set, 0 to 9999. Probabilities are the softmax of the network's ten values;
    the notebook's scores are their sigmoids, each class alone, and so do not sum to 1.
    """
    from fmnist.analysis.evaluation import predictions, sigmoid, softmax
    from fmnist.commands.naming import finished_epoch
    from fmnist.data.dataset import CLASS_NAMES
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    sample = opened_dataset(settings).sample("test", index)
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        logits = store.logits(found.id, epoch)[index]
    probabilities, scores = softmax(logits).tolist(), sigmoid(logits).tolist()
    predicted = int(predictions(logits))
    answer = {
        "run": found.number,
        "id": found.id,
        "epoch": epoch,
        "index": index,
        "true_class": CLASS_NAMES[sample.label],
        "predicted_class": CLASS_NAMES[predicted],
        "confidence": probabilities[predicted],
        "probabilities": dict(zip(CLASS_NAMES, probabilities, strict=True)),
        "notebook_scores": dict(zip(CLASS_NAMES, scores, strict=True)),
    }
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.echo(f"Test image {index}, run {found.number} ({found.id}) after epoch {epoch}:")
    click.echo(f"true class       {answer['true_class']}")
    click.echo(f"predicted class  {answer['predicted_class']}, confidence {answer['confidence']:.2%}")
    click.echo("               probability  notebook's score")
    for name, probability, score in zip(CLASS_NAMES, probabilities, scores, strict=True):
        click.echo(f"  {name:<12}  {probability:>10.4%}  {score:>16.4f}")
