"""Reads and updates of the rows of runs, inside a transaction."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from safetensors.numpy import load, save
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Table,
    Update,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from fmnist.errors import DamagedRun, FmnistError, RunConflict, UnknownRun
from fmnist.recipe import LIMITS
from fmnist.runs.parse import parse_run
from fmnist.runs.record import Failure, Run, Status, checked_id
from fmnist.runs.schema import checkpoints, computations, epochs, processes, runs

# After so many crashes of its worker without a finished epoch a job is not tried again.
MAX_ATTEMPTS = 3

MAX_EPOCHS = int(LIMITS["epochs"][1])


def read_runs(
    connection: Connection, condition: ColumnElement[bool] | None = None
) -> tuple[list[Run], list[DamagedRun]]:
    """Return the runs that meet the condition and the errors of the damaged ones, the newest first."""
    which = select(runs, _queue_position()).order_by(runs.c.number.desc())
    numbers = select(epochs).order_by(epochs.c.epoch)
    networks = select(checkpoints.c.run, checkpoints.c.epoch).order_by(checkpoints.c.epoch)
    if condition is not None:
        which, numbers, networks = (
            which.where(condition), numbers.join(runs).where(condition), networks.join(runs).where(condition),
        )  # fmt: skip
    rows = connection.execute(which).all()
    finished: dict[str, list[RowMapping]] = defaultdict(list)
    for epoch in connection.execute(numbers).mappings():
        finished[epoch["run"]].append(epoch)
    kept: dict[str, list[int]] = defaultdict(list)
    for run, number in connection.execute(networks):
        kept[run].append(number)
    found, damaged = [], []
    for row in rows:
        try:
            found.append(parse_run(row, finished[row.id], kept[row.id]))
        except DamagedRun as error:
            damaged.append(error)
    return found, damaged


def read_run(connection: Connection, run_id: str) -> Run:
    """Return a run. Raises UnknownRun, DamagedRun."""
    found, damaged = read_runs(connection, runs.c.id == checked_id(run_id))
    for error in damaged:
        raise error
    if not found:
        raise unknown_run(run_id)
    return found[0]


def unknown_run(run_id: str) -> UnknownRun:
    """Return the error of an id or a number that no run has."""
    return UnknownRun("There is no run {run_id}; it may have been deleted.", run_id=run_id)


def lock_run(connection: Connection, run_id: str) -> Status:
    """Lock the run's row until this transaction ends and return its status. Raises UnknownRun."""
    matches = select(runs.c.status).where(runs.c.id == checked_id(run_id))
    # SQLite knows no FOR UPDATE and needs none: it has one writer at a time.
    status = connection.scalar(matches.with_for_update())
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


def next_position(connection: Connection) -> int:
    """Return the last position of the queue."""
    last = (select(func.max(cast(table.c.queued_order, Integer))) for table in (runs, computations))
    return 1 + max(connection.scalar(each) or 0 for each in last)


def update_where_status(run_id: str, *statuses: Status) -> Update:
    """Return an update of the run that applies only in one of these statuses."""
    matches = (runs.c.id == run_id) & runs.c.status.in_(statuses)
    return update(runs).where(matches)


def update_owned(connection: Connection, run_id: str, worker: str, /, **values: Any) -> None:
    """Update a run that this worker trains. Raises RunConflict when it does not.

    A worker that counts as dead must not write over its successor.
    """
    change = update_where_status(run_id, "running").where(runs.c.worker == worker).values(**values)
    if not connection.execute(change).rowcount:
        raise ownership_lost(run_id)


def requeue_stale(connection: Connection, idle_worker: str | None) -> None:
    """Queue the runs whose worker died or is idle; fail those with too many attempts."""
    change = (
        update(runs)
        .where(runs.c.status == "running", is_abandoned(runs, idle_worker))
        .values(progress=None, worker=None)
    )
    failure = FmnistError(
        "The worker died {times} times in the same epoch. This machine may lack memory: a worker needs up to 1.2 GB, "
        "whatever the batch size. Close other programs and try again.",
        times=MAX_ATTEMPTS,
    )
    hopeless = change.where(runs.c.attempts >= MAX_ATTEMPTS)
    connection.execute(hopeless.values(status="failed", failure=failure_json(failure)))
    connection.execute(change.values(status="queued"))


def is_abandoned(table: Table, idle_worker: str | None) -> ColumnElement[bool]:
    """Return the condition that the worker of a row is gone, or idle."""
    return table.c.worker.not_in(select(processes.c.id)) | (table.c.worker == idle_worker)


def ownership_lost(run_id: str) -> RunConflict:
    """Return the error for a worker whose run was deleted, extended or claimed by another worker."""
    return RunConflict("The run {run_id} is no longer this worker's.", run_id=run_id)


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
    other = runs.alias()
    earlier = (other.c.queued_order < runs.c.queued_order) | (
        (other.c.queued_order == runs.c.queued_order) & (other.c.number < runs.c.number)
    )
    ahead = or_(other.c.status == "running", (other.c.status == "queued") & earlier)
    count = select(func.count()).select_from(other).where(ahead).correlate(runs).scalar_subquery()
    return case((runs.c.status == "queued", count)).label("queue_position")
