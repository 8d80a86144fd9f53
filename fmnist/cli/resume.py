"""The command `resume`."""

from typing import TYPE_CHECKING

import click

from fmnist.cli.follow import train_to_end
from fmnist.cli.group import CommandError, WholeRange, as_json
from fmnist.recipe import LIMITS

if TYPE_CHECKING:
    from fmnist.runs.desk import Desk
    from fmnist.runs.record import Run


@click.command()
@click.argument("run")
@click.option("--more", metavar="EPOCHS", type=WholeRange(1, int(LIMITS["epochs"][1])), help="Additional "
              "epochs.  [default: those that the run still lacks]")  # fmt: skip
@as_json
def resume(run: str, more: int | None, as_json: bool) -> None:
    """Resume a run that failed, was stopped or has succeeded.

    RUN is a number or an id. The training resumes after its last finished epoch, with the same settings, and can be
    followed and stopped as with `train`.

    Exit code: 0 when it ended or was stopped, 1 when it failed again, 2 when the run cannot be resumed.
    """
    train_to_end(lambda desk: _extend(desk, run, more), as_json)


def _extend(desk: "Desk", name: str, more: int | None) -> "Run":
    from fmnist.cli.resolve import named_run

    run = named_run(desk.store, name)
    missing = run.target_epochs - len(run.epochs)
    if not (missing or more):
        raise CommandError(f"Run {run.number} has all of its {run.target_epochs} epochs; add some with --more.")
    return desk.extend(run.id, more or missing)
