"""The commands `train`, which submits and follows a run, and `worker`."""

from typing import Any

import click

from fmnist.cli.follow import train_to_end
from fmnist.cli.group import as_json
from fmnist.cli.recipe import chosen_recipe, recipe_options
from fmnist.settings import Settings


@click.command()
@recipe_options
@as_json
def train(as_json: bool, **chosen: Any) -> None:
    """Train a network and follow its progress.

    The page shows the run, too, and can stop it. Ctrl-C stops it; the network of its last finished epoch is kept.

    Exit code: 0 when a network is kept, 1 when the training failed, 2 when it cannot be submitted, 130 when it was
    stopped before the end of its first epoch.
    """
    recipe = chosen_recipe(**chosen)
    train_to_end(lambda store: store.submit(recipe, "terminal"), as_json)


@click.command()
@click.option("--local", is_flag=True, help="End with the last web server or command, or when idle.")
def worker(local: bool) -> None:
    """Train the queued runs, until Ctrl-C."""
    from fmnist.worker.service import work

    work(Settings.from_environment(), local=local)
