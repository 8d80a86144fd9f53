"""The command `check-determinism`: repeated trainings of a recipe, compared."""

import json
from typing import Any

import click

from fmnist.cli.data import fetch_files
from fmnist.cli.group import WholeRange, as_json
from fmnist.cli.recipe import chosen_recipe, recipe_options
from fmnist.settings import Settings
from fmnist.system.determinism import PROCESSES, shorten, weight_hashes


@click.command()
@recipe_options
@click.option("--times", type=WholeRange(2, 100), default=PROCESSES, show_default=True, help="How many processes.")
@click.option("--whole", is_flag=True, help="The whole recipe, not only one epoch of at most 5,000 images.")
@as_json
@click.pass_context
def check_determinism(context: click.Context, times: int, whole: bool, as_json: bool, **chosen: Any) -> None:
    """Check that the same seed gives the same network.

    Train in fresh processes, one after another, and compare the SHA-256 of the weights. No run is stored.

    Exit code: 0 when all are the same, 1 when they are not.
    """
    recipe = chosen_recipe(**chosen)
    fetch_files(Settings.from_environment())
    hashes = weight_hashes(recipe if whole else shorten(recipe), times, lambda share: None, lambda: False)
    same = len(set(hashes)) == 1
    if as_json:
        click.echo(json.dumps({"same": same, "sha256": hashes}))
    else:
        for found in hashes:
            click.echo(found)
        click.echo("All the same." if same else "Not the same: the processor or TensorFlow added up in another order.")
    if not same:
        context.exit(1)
