"""Resolve a command's arguments to a run and an epoch."""

from fmnist.cli.group import CommandError, whole_number
from fmnist.runs.record import RUN_ID, Run
from fmnist.runs.store import Store


def named_run(store: Store, name: str) -> Run:
    """Return the run with this number or id. Raises CommandError for other names, UnknownRun where there is none."""
    if RUN_ID.fullmatch(name):
        return store.run(name)
    number = whole_number(name)
    if number is None:
        raise CommandError(
            f"{name!r} names no run; give a run's number, or its id of 32 characters, each 0–9 or a–f. "
            "`python -m fmnist runs` lists the runs."
        )
    return store.run_by_number(number)


def finished_epoch(store: Store, name: str | None, epoch: int | None) -> tuple[Run, int]:
    """Return the named run, else the newest with a finished epoch; and the given epoch, else its last.

    Raises CommandError for a run without one. The store checks a given epoch when its arrays are read.
    """
    run = named_run(store, name) if name is not None else store.newest_trained()
    if run is None:  # the included run is damaged, too
        raise CommandError("No run has a finished epoch; train one: python -m fmnist train.")
    if epoch is not None:
        return run, epoch
    if run.last_epoch is None:
        raise CommandError(f"Run {run.number} is {run.status} and has no finished epoch; choose another run.")
    return run, run.last_epoch.epoch
