"""Reads and updates of the rows of runs, inside a transaction."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from safetensors.numpy import load, save
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    case,
    exists,
    func,
    select,
)

from fmnist.errors import DamagedRun, FmnistError, RunConflict, UnknownRun
from fmnist.recipe import LIMITS
from fmnist.runs.parse import parse_run
from fmnist.runs.record import INCLUDED, RUN_ID, Failure, Run, Status, checked_id
from fmnist.runs.schema import checkpoints, epochs, jobs, learning_rates, runs

MAX_EPOCHS = int(LIMITS["epochs"][1])


def read_runs(connection: Connection, ids: Sequence[str] | None = None) -> tuple[list[Run], list[DamagedRun]]:
    """Return the runs with these ids, else all, and the errors of the damaged ones, the newest first."""
    of_training = jobs.c["status", "stop_requested", "progress", "failure"]
    which = select(runs, *of_training, _queue_position()).outerjoin(jobs, training(runs.c.id))
    numbers, networks = select(epochs), select(*checkpoints.c["run", "epoch"])
    stretches = select(learning_rates)
    if ids is not None:
        which, numbers, networks, stretches = (
            which.where(runs.c.id.in_(ids)), numbers.where(epochs.c.run.in_(ids)),
            networks.where(checkpoints.c.run.in_(ids)), stretches.where(learning_rates.c.run.in_(ids)),
        )  # fmt: skip
    finished: dict[str, list[RowMapping]] = defaultdict(list)
    for epoch in connection.execute(numbers.order_by(epochs.c.epoch)).mappings():
        finished[epoch["run"]].append(epoch)
    kept: dict[str, list[int]] = defaultdict(list)
    for run, number in connection.execute(networks.order_by(checkpoints.c.epoch)):
        kept[run].append(number)
    rates: dict[str, dict[int, float]] = defaultdict(dict)
    for run, first, rate in connection.execute(stretches):
        rates[run][first] = rate
    found, damaged = [], []
    for row in connection.execute(which.order_by(runs.c.number.desc())):
        try:
            found.append(parse_run(row, finished[row.id], kept[row.id], rates[row.id]))
        except DamagedRun as error:
            damaged.append(error)
    return found, damaged


def newest_ids(connection: Connection, count: int | None, also: Iterable[str] = ()) -> list[str] | None:
    """Return the ids of the newest runs, the included one, those that train, and `also` these; None for all."""
    if count is None:
        return None
    newest = select(runs.c.id).order_by(runs.c.number.desc()).limit(count)
    included = select(runs.c.id).where(runs.c.number == INCLUDED)
    trains = select(jobs.c.run).where(jobs.c.status == "running", jobs.c.name == "training")
    chosen = (run_id for run_id in also if RUN_ID.fullmatch(run_id))
    found = (run_id for which in (newest, included, trains) for run_id in connection.scalars(which))
    return [*dict.fromkeys([*found, *chosen])]


def read_run(connection: Connection, run_id: str) -> Run:
    """Return a run. Raises UnknownRun, DamagedRun."""
    found, damaged = read_runs(connection, [checked_id(run_id)])
    for error in damaged:
        raise error
    if not found:
        raise unknown_run(run_id)
    return found[0]


def unknown_run(run_id: str) -> UnknownRun:
    """Return the error of an id or a number that no run has."""
    return UnknownRun("There is no run {run_id}; it may have been deleted.", run_id=run_id)


def lock_run(connection: Connection, run_id: str) -> Status:
    """Lock the run's training until this transaction ends and return its status. Raises UnknownRun."""
    status = connection.scalar(select(jobs.c.status).where(training(checked_id(run_id))).with_for_update())
    if status is None:
        raise unknown_run(run_id)
    return status


def lock_user_run(connection: Connection, run_id: str) -> Status:
    """Lock a submitted run as `lock_run` does. Raises RunConflict for the included run, too."""
    status = lock_run(connection, run_id)
    if connection.scalar(select(runs.c.origin).where(runs.c.id == run_id)) == "project":
        raise RunConflict("The run is included in the project and stays as it is; train a run of your own.")
    return status


def check_epoch(connection: Connection, run_id: str, epoch: int) -> None:
    """Raise UnknownRun where no network of such an epoch is kept."""
    matches = (checkpoints.c.run == checked_id(run_id)) & (checkpoints.c.epoch == epoch)
    # Past a database's integers there is no epoch either.
    if not (0 < epoch <= MAX_EPOCHS and connection.scalar(select(exists().where(matches)))):
        run = read_run(connection, run_id)
        if not run.kept:
            raise UnknownRun("Run {number} has no network yet; choose another run.", number=run.number)
        raise UnknownRun(
            "Run {number} has no network of epoch {epoch}; choose one of these: {kept}.",
            number=run.number, epoch=epoch, kept=ranges(run.kept),
        )  # fmt: skip


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers as text, consecutive ones by the first and the last: '1, 3–5, 8'."""
    rows: list[list[int]] = []
    for number in numbers:
        if not rows or number > rows[-1][-1] + 1:
            rows.append([number])
        rows[-1][1:] = [number]
    return ", ".join("–".join(str(number) for number in dict.fromkeys(row)) for row in rows)


def read_blob(connection: Connection, run_id: str, epoch: int, column: str) -> bytes:
    """Return the weights or the logits of a finished epoch. Raises UnknownRun."""
    check_epoch(connection, run_id, epoch)
    matches = (checkpoints.c.run == run_id) & (checkpoints.c.epoch == epoch)
    return connection.execute(select(checkpoints.c[column]).where(matches)).scalar_one()


def training(run_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of a run's training."""
    return (jobs.c.run == run_id) & (jobs.c.name == "training")


def serialize(named: Mapping[str, np.ndarray]) -> bytes:
    """Return named arrays as safetensors, which writes their memory as it lies: a view's would be another array's."""
    return save({name: np.asarray(array, order="C") for name, array in named.items()})


def deserialize(content: bytes) -> dict[str, np.ndarray]:
    """Return the named arrays of safetensors bytes."""
    return load(content)


def failure_json(failure: FmnistError | Failure) -> dict[str, Any]:
    """Return a failure as JSON; a loss that is not a number becomes the text 'nan'."""
    values = {
        key: value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else str(value)
        for key, value in failure.values.items()
    }
    return {"template": failure.template, "values": values}


def _queue_position() -> ColumnElement[int | None]:
    other = jobs.alias()
    earlier = (other.c.position < jobs.c.position) | (
        (other.c.position == jobs.c.position) & (other.c.run < jobs.c.run)
    )

    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        of_trainings = select(func.count()).select_from(other).where(other.c.name == "training", *conditions)
        return of_trainings.correlate(jobs).scalar_subquery()

    # Two counts, each by the index.
    ahead = count(other.c.status == "running") + count(other.c.status == "queued", earlier)
    return case((jobs.c.status == "queued", ahead)).label("queue_position")
