"""The command `resume`."""

from typing import TYPE_CHECKING

import click

from fmnist.cli.follow import train_to_end
from fmnist.cli.group import CommandError, WholeRange, as_json
from fmnist.recipe import LIMITS

if TYPE_CHECKING:
    from fmnist.runs.record import Run
    from fmnist.runs.store import Store


@click.command()
@click.argument("run")
@click.option("--more", metavar="EPOCHS", type=WholeRange(1, int(LIMITS["epochs"][1])), help="Additional "
              "epochs.  [default: those that the run still lacks]")  # fmt: skip
@click.option("--learning-rate", metavar="RATE", type=float, help="The constant learning rate of these epochs.  "
              "[default: as before]")  # fmt: skip
@as_json
def resume(run: str, more: int | None, learning_rate: float | None, as_json: bool) -> None:
    """Resume a run that failed, was stopped or has succeeded.

    RUN is a number or an id. The training resumes after its last finished epoch, with the same settings, and can be
    followed and stopped as with `train`.

    Exit code: 0 when it ended or was stopped, 1 when it failed again, 2 when the run cannot be resumed.
    """
    train_to_end(lambda store: _extend(store, run, more, learning_rate), as_json)


def _extend(store: "Store", name: str, more: int | None, learning_rate: float | None) -> "Run":
    from fmnist.cli.resolve import named_run

    run = named_run(store, name)
    missing = run.target_epochs - len(run.epochs)
    if not (missing or more):
        raise CommandError(f"Run {run.number} has all of its {run.target_epochs} epochs; add some with --more.")
    return store.extend(run.id, more or missing, learning_rate)
