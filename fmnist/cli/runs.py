"""The commands `runs` and `export`, which read the run store."""

import json
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fmnist.cli.group import as_json, epoch_option, write_errors
from fmnist.settings import Settings
from fmnist.system.duration import duration
from fmnist.system.files import write_atomically

if TYPE_CHECKING:
    from fmnist.runs.export import Format
    from fmnist.runs.record import Run

NEWEST = 50

# `fmnist.runs.export.Format`, without loading NumPy for --help.
FORMATS = ("litert", "safetensors", "keras")


@click.command()
@click.option("--all", "everything", is_flag=True, help=f"All runs, not the newest {NEWEST} and the included one.")
@as_json
def runs(everything: bool, as_json: bool) -> None:
    """List the runs, the newest first."""
    from fmnist.runs.store import Store

    with closing(Store(Settings.from_environment().database_url)) as store:
        newest = None if everything else NEWEST
        found, damaged, left = store.runs(newest), store.damaged_runs(newest), store.count().total()
    left -= len(found) + len(damaged)
    if as_json:
        broken = [
            {"run": error.values["number"], "id": error.values["run_id"], "status": "damaged", "failure": str(error)}
            for error in damaged
        ]
        click.echo(json.dumps([*map(summary, found), *broken]))
    else:
        click.echo("  run  id        recipe    status      epochs  validation    test  time")
        for run in found:
            click.echo(_row(run))
        for error in damaged:
            click.echo(str(error), err=True)
    if left > 0:
        click.echo(f"{left:,} older runs are left out; --all lists them.", err=True)


@click.command()
@click.argument("run", required=False)
@epoch_option
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="litert", show_default=True, help="LiteRT "
              "has every layer's output, Keras can be trained further, safetensors has the weights alone.")  # fmt: skip
@click.option("--output", metavar="FILE", help="The file; '-' is stdout.  [default: run-3-epoch-10.tflite, …]")
def export(run: str | None, epoch: int | None, file_format: "Format", output: str | None) -> None:
    """Write a network to a file.

    RUN is a number or an id; without it, the newest run with a finished epoch.
    """
    from fmnist.cli.resolve import finished_epoch
    from fmnist.runs.export import file_name, network_file
    from fmnist.runs.outcome import degenerate_warning
    from fmnist.runs.store import Store

    with closing(Store(Settings.from_environment().database_url)) as store:
        found, epoch = finished_epoch(store, run, epoch)
        content = network_file(file_format, store.weights(found.id, epoch))
    path = output or file_name(file_format, found.number, epoch)
    _write(path, content)
    written = f"run {found.number} after epoch {epoch}, {len(content):,} bytes"
    click.echo(f"{click.format_filename(path)}: {written}", err=True)
    if warning := degenerate_warning(found, epoch):
        click.echo(str(warning), err=True)


def _write(output: str, content: bytes) -> None:
    """Write a file atomically, or to stdout. Raises CommandError."""
    if output == "-":
        click.echo(content, nl=False)
        return
    path = Path(output)
    with write_errors(output, "another file, in a folder that exists, with --output"):
        if path.exists() and not (path.is_file() or path.is_dir()):  # a device or a pipe, which must stay what it is
            path.write_bytes(content)
        else:
            write_atomically({Path(os.path.realpath(path)): content})


def summary(run: "Run") -> dict[str, Any]:
    """Return a run's JSON."""
    from fmnist.runs.outcome import degenerate_warning

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
        "learned_nothing": degenerate_warning(run, len(run.epochs)) is not None if last else None,
    }


def _row(run: "Run") -> str:
    from fmnist.runs.outcome import degenerate_warning

    last = run.last_epoch
    validation, test = (f"{last.val_accuracy:.4f}", f"{last.test_accuracy:.4f}") if last else ("–", "–")
    epochs = f"{len(run.epochs)}/{run.target_epochs}"
    nothing = "  learned nothing" if degenerate_warning(run, len(run.epochs)) else ""
    return (
        f"{run.number:>5}  {run.id[:8]}  {run.recipe.name:<8}  {run.status:<9}  {epochs:>7}"
        f"  {validation:>10}  {test:>6}  {duration(run.seconds)}{nothing}"
    )
