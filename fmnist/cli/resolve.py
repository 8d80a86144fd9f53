"""How a command names a run and an epoch of it."""

from fmnist.cli.group import Refusal, whole_number
from fmnist.errors import UnknownRun
from fmnist.runs.record import RUN_ID, Run
from fmnist.runs.store import Store


def named_run(store: Store, name: str) -> Run:
    """The run of that number or that id. Raises Refusal for what is neither, UnknownRun where there is none."""
    if RUN_ID.fullmatch(name):
        return store.run(name)
    number = whole_number(name)
    if number is None:
        raise Refusal(
            f"{name!r} names no run; give a run's number, or its id of 32 characters, each 0–9 or a–f. "
            "`python -m fmnist runs` lists the runs."
        )
    for run in store.runs():
        if run.number == number:
            return run
    for damaged in store.damaged_runs():
        if damaged.values["number"] == number:
            raise damaged
    raise UnknownRun("There is no run {run_id}; it may have been deleted.", run_id=name)


def finished_epoch(store: Store, name: str | None, epoch: int | None) -> tuple[Run, int]:
    """The named run, else the newest that has a finished epoch; with the epoch asked for, else its last.

    Raises Refusal for a run without one. Whether the run has the epoch asked for, its arrays will tell.
    """
    run = named_run(store, name) if name is not None else next((run for run in store.runs() if run.epochs), None)
    if run is None:  # what came with the project is damaged, too
        raise Refusal("No run has a finished epoch; train one: python -m fmnist train.")
    if epoch is not None:
        return run, epoch
    if run.last_epoch is None:
        raise Refusal(f"Run {run.number} is {run.status} and has no finished epoch; choose another run.")
    return run, run.last_epoch.epoch
