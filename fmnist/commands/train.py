"""The commands that train: one that asks and watches, one that does the work."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from typing import Any, get_args

import click

from fmnist.commands.data import located_files
from fmnist.commands.group import as_json
from fmnist.commands.watching import Report, follow, interruption
from fmnist.recipe import LIMITS, NAMED, Recipe
from fmnist.settings import Settings

# What a shell says of a command that Ctrl-C ended.
INTERRUPTED = 130


def recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """An option for a named recipe, and one for every setting, with the recipe's own defaults and limits."""
    for field in reversed(fields(Recipe)):
        if field.name in LIMITS:
            least, most = LIMITS[field.name]
            kind, limits = field.type, f"{least:g} to {most:,.10g}.  "
        else:
            kind, limits = click.BOOL if field.type is bool else click.Choice(get_args(field.type)), ""
        option = click.option(
            f"--{field.name.replace('_', '-')}", type=kind, help=f"{limits}[default: {field.default}]"
        )
        command = option(command)
    named = click.option(
        "--recipe", "name", type=click.Choice(list(NAMED)), help="A named recipe; the settings below change it."
    )
    return named(command)


def chosen_recipe(name: str | None, **settings: Any) -> Recipe:
    """What the options say. Raises InvalidRecipe."""
    given = {setting: value for setting, value in settings.items() if value is not None}
    return replace(NAMED[name] if name else Recipe(), **given)


@click.command()
@recipe_options
@as_json
@click.pass_context
def train(context: click.Context, as_json: bool, **chosen: Any) -> None:
    """Train a network and watch it.

    The run is the page's too: it shows there, and can be stopped there. Ctrl-C asks it to stop, and waits; the network
    of its last finished epoch is kept.

    Exit code: 0 when a network is kept, 1 when the training failed, 2 when it cannot be asked for, 130 when it was
    stopped before its first epoch was finished.
    """
    from fmnist.runs.attendant import Attendant
    from fmnist.runs.desk import Desk

    recipe = chosen_recipe(**chosen)
    settings = Settings.from_environment()
    # Here and not only in the worker, so that it is said here when the data cannot be had.
    located_files(settings)
    with interruption() as interrupted, closing(Desk(settings)) as desk:
        run = desk.submit(recipe, "terminal")
        with Attendant(settings, desk.store, "command"), Report(as_json, settings.external_workers) as report:
            run = follow(desk, run.id, report, interrupted)
    report.end(run)
    if run.status == "failed":
        raise click.ClickException(str(run.failure))
    if not run.epochs:
        context.exit(INTERRUPTED)


@click.command()
@click.option("--local", is_flag=True, help="End with the last web server or command, rest when idle.")
def worker(local: bool) -> None:
    """Train the runs that wait, until Ctrl-C."""
    from fmnist.worker.service import work

    work(Settings.from_environment(), local=local)
