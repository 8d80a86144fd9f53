"""The commands that read the run store: its list of runs, and a run's files."""

import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fmnist.commands.group import Refusal, as_json
from fmnist.settings import Settings

if TYPE_CHECKING:
    from fmnist.runs.record import Run

# What the store holds of a run that has ended, by the name that people know it under.
FORMATS = {"litert": "network.tflite", "safetensors": "network.safetensors", "keras": "network.keras"}


@click.command()
@as_json
def runs(as_json: bool) -> None:
    """List all runs, the newest first."""
    from fmnist.runs.store import Store

    with closing(Store(Settings.from_environment().database_url)) as store:
        found = store.runs()
    if as_json:
        click.echo(json.dumps([summary(run) for run in found]))
    else:
        click.echo("  run  id        recipe    status      epochs  validation    test  time")
        for run in found:
            click.echo(_row(run))


@click.command()
@click.argument("run", required=False)
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="litert", show_default=True)
@click.option("--output", metavar="FILE", help="Where to write; '-' is stdout.  [default: run-NUMBER.tflite, …]")
def export(run: str | None, kind: str, output: str | None) -> None:
    """Write a network to a file.

    RUN is a number or an id; without it, the newest run with a finished epoch. The network is that of the last epoch.
    """
    from fmnist.commands.naming import finished_epoch
    from fmnist.runs.store import Store

    with closing(Store(Settings.from_environment().database_url)) as store:
        found, epoch = finished_epoch(store, run, None)
        content = store.artifact(found.id, FORMATS[kind])
    if content is None:
        raise Refusal(f"Run {found.number} is {found.status}; its files are written when it succeeds or is stopped.")
    path = output or FORMATS[kind].replace("network", f"run-{found.number}")
    with click.open_file(path, "wb", lazy=True, atomic=True) as file:
        file.write(content)
    click.echo(f"{path}: run {found.number} after epoch {epoch}, {len(content):,} bytes", err=True)


def summary(run: "Run") -> dict[str, Any]:
    """A run for a program to read."""
    last = run.last_epoch
    return {
        "run": run.number,
        "id": run.id,
        "recipe": run.recipe.name,
        "settings": asdict(run.recipe),
        "status": run.status,
        "failure": str(run.failure) if run.failure else None,
        "origin": run.origin,
        "created_at": run.created_at.isoformat(),
        "epochs": len(run.epochs),
        "target_epochs": run.target_epochs,
        "val_accuracy": last.val_accuracy if last else None,
        "test_accuracy": last.test_accuracy if last else None,
        "seconds": run.seconds,
    }


def duration(seconds: float) -> str:
    """Seconds as people say them: '3 min 26 s'."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _row(run: "Run") -> str:
    last = run.last_epoch
    validation, test = (f"{last.val_accuracy:.4f}", f"{last.test_accuracy:.4f}") if last else ("–", "–")
    epochs = f"{len(run.epochs)}/{run.target_epochs}"
    return (
        f"{run.number:>5}  {run.id[:8]}  {run.recipe.name:<8}  {run.status:<9}  {epochs:>7}"
        f"  {validation:>10}  {test:>6}  {duration(run.seconds)}"
    )
