"""The command `evaluate`: a network's metrics on the test set, from its stored logits."""

import json
from contextlib import closing

import click

from fmnist.cli.data import fetch_dataset
from fmnist.cli.group import as_json, epoch_option
from fmnist.settings import Settings


@click.command()
@click.argument("run", required=False)
@epoch_option
@as_json
def evaluate(run: str | None, epoch: int | None, as_json: bool) -> None:
    """Print a network's accuracy and loss on the test set.

    RUN is a number or an id; without it, the newest run with a finished epoch.
    """
    from fmnist.analysis.metrics import accuracy, cross_entropy
    from fmnist.cli.resolve import finished_epoch
    from fmnist.data.dataset import CLASS_NAMES
    from fmnist.runs.outcome import degenerate_warning
    from fmnist.runs.store import Store

    settings = Settings.from_environment()
    with closing(Store(settings.database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        logits = store.logits(found.id, epoch)
    test = fetch_dataset(settings).test
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
        "learned_nothing": degenerate_warning(found, epoch) is not None,
    }
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.echo(f"Run {found.number} ({found.id}) after epoch {epoch}, on the {len(test):,} test images:")
    click.echo(f"accuracy {answer['accuracy']:.4f}, loss {answer['loss']:.4f}")
    if warning := degenerate_warning(found, epoch):
        click.echo(str(warning))
    for name, share in of_class.items():
        click.echo(f"  {name:<12} {share:.3f}")
