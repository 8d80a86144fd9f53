"""The rows of the store's runs inside a transaction: how they are read and changed."""

import logging
import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save
from sqlalchemy import ColumnElement, Connection, Row, Table, Update, case, exists, func, or_, select, update

from fmnist.errors import FmnistError, InvalidRecipe, RunConflict, UnknownRun
from fmnist.recipe import LIMITS, Recipe
from fmnist.runs.record import EpochRecord, Failure, Progress, Run, Status, checked_id
from fmnist.runs.schema import arrays, artifacts, computations, epochs, processes, runs

# What took its worker down this often, without finishing an epoch in between, is not tried again.
MOST_ATTEMPTS = 3

MOST_EPOCHS = int(LIMITS["epochs"][1])

log = logging.getLogger(__name__)


def read_runs(connection: Connection, condition: ColumnElement[bool] | None = None) -> list[Run]:
    """The runs that meet the condition, the newest first. One that cannot be read is left out and logged."""
    which = select(runs, _runs_ahead()).order_by(runs.c.number.desc())
    numbers = select(epochs).order_by(epochs.c.epoch)
    networks = select(arrays.c.run, arrays.c.epoch).order_by(arrays.c.epoch)
    if condition is not None:
        which, numbers, networks = (
            which.where(condition), numbers.join(runs).where(condition), networks.join(runs).where(condition),
        )  # fmt: skip
    rows = connection.execute(which).all()
    finished: dict[str, list[EpochRecord]] = defaultdict(list)
    for row in connection.execute(numbers).mappings():
        finished[row["run"]].append(EpochRecord(**{name: row[name] for name in EpochRecord.__dataclass_fields__}))
    kept: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(networks):
        kept[row.run].append(row.epoch)
    found = []
    for row in rows:
        try:
            found.append(_run(row, tuple(finished[row.id]), tuple(kept[row.id])))
        except (InvalidRecipe, TypeError, ValueError) as error:  # one bad run shall not hide the others
            log.warning("Run %s (%s) cannot be read: %s", row.number, row.id, error)
    return found


def read_run(connection: Connection, run_id: str) -> Run:
    """One run. Raises UnknownRun."""
    found = read_runs(connection, runs.c.id == checked_id(run_id))
    if not found:
        raise _unknown(run_id)
    return found[0]


def _unknown(run_id: str) -> UnknownRun:
    return UnknownRun("There is no run {run_id}; it may have been deleted.", run_id=run_id)


def locked_status(connection: Connection, run_id: str) -> Status:
    """The run's status, which nobody else changes before this transaction ends. Raises UnknownRun."""
    matches = select(runs.c.status).where(runs.c.id == checked_id(run_id))
    # SQLite knows no FOR UPDATE and needs none: it has one writer at a time.
    status = connection.scalar(matches.with_for_update())
    if status is None:
        raise _unknown(run_id)
    return status


def locked_own_status(connection: Connection, run_id: str) -> Status:
    """The same for a run that people asked for. Raises RunConflict for the one that came with the project, too."""
    status = locked_status(connection, run_id)
    if connection.scalar(select(runs.c.origin).where(runs.c.id == run_id)) == "project":
        raise RunConflict("The run came with the project and stays as it is; train a run of your own.")
    return status


def check_epoch(connection: Connection, run_id: str, epoch: int) -> None:
    """Raises UnknownRun where no network of such an epoch is kept."""
    matches = (arrays.c.run == checked_id(run_id)) & (arrays.c.epoch == epoch)
    # Past a database's integers there is no epoch either.
    if not (0 < epoch <= MOST_EPOCHS and connection.scalar(select(exists().where(matches)))):
        read_run(connection, run_id)
        raise UnknownRun("The run has no network of epoch {epoch}.", epoch=epoch)


def read_blob(connection: Connection, run_id: str, epoch: int, column: str) -> bytes:
    """The weights or the logits of a finished epoch. Raises UnknownRun."""
    check_epoch(connection, run_id, epoch)
    return connection.scalar(select(arrays.c[column]).where(arrays.c.run == run_id, arrays.c.epoch == epoch))


def lacks_files(connection: Connection, run_id: str) -> bool:
    """Whether the run has a network of which the files are still to be made."""
    has_epochs, has_files = (exists().where(table.c.run == run_id) for table in (epochs, artifacts))
    return connection.scalar(select(has_epochs & ~has_files)) or False


def next_order(connection: Connection) -> int:
    """The last place in the queue."""
    return 1 + max(connection.scalar(select(func.max(table.c.queued_order))) or 0 for table in (runs, computations))


def changing(run_id: str, *statuses: Status) -> Update:
    """A change of the run that takes place only while it has one of these statuses."""
    matches = (runs.c.id == run_id) & runs.c.status.in_(statuses)
    return update(runs).where(matches).values(revision=runs.c.revision + 1)


def change_own(connection: Connection, run_id: str, worker: str, /, **values: Any) -> None:
    """Change a run that this worker trains. Raises RunConflict when it does not.

    A worker that was taken for dead must not write over its successor.
    """
    change = changing(run_id, "running").where(runs.c.worker == worker).values(**values)
    if not connection.execute(change).rowcount:
        raise taken_away(run_id)


def put_back(connection: Connection, idle_worker: str | None) -> None:
    """Let the runs wait whose worker died or does nothing; fail those that it dies of."""
    change = (
        update(runs)
        .where(runs.c.status == "running", abandoned(runs, idle_worker))
        .values(progress=None, worker=None, revision=runs.c.revision + 1)
    )
    failure = FmnistError(
        "The worker died {times} times in the same epoch; it may lack memory. Try a smaller batch.",
        times=MOST_ATTEMPTS,
    )
    hopeless = change.where(runs.c.attempts >= MOST_ATTEMPTS).values(status="failed", failure=reason(failure))
    connection.execute(hopeless)
    connection.execute(change.values(status="queued"))


def abandoned(table: Table, idle_worker: str | None) -> ColumnElement[bool]:
    """Whether the worker of a row is gone, or does nothing."""
    return table.c.worker.not_in(select(processes.c.id)) | (table.c.worker == idle_worker)


def taken_away(run_id: str) -> RunConflict:
    """What a worker hears that goes on with a run after it was deleted, trained on or given to another worker."""
    return RunConflict("The run {run_id} is no longer this worker's.", run_id=run_id)


def packed(named: Mapping[str, np.ndarray]) -> bytes:
    """Named arrays as safetensors, which takes their memory as it lies: that of a view would be another array's."""
    return save({name: np.asarray(array, order="C") for name, array in named.items()})


def unpacked(content: bytes) -> dict[str, np.ndarray]:
    """The named arrays that were stored as safetensors. Raises UnknownRun when they are damaged."""
    try:
        return load(content)
    except SafetensorError as error:
        raise UnknownRun("The run is damaged in the store: {reason}. Train it anew.", reason=error) from error


def reason(failure: FmnistError) -> dict[str, Any]:
    """A failure as JSON: a loss that is not a number becomes the text 'nan'."""
    values = {
        key: value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else str(value)
        for key, value in failure.values.items()
    }
    return {"template": failure.template, "values": values}


def _runs_ahead() -> ColumnElement[int | None]:
    other = runs.alias()
    earlier = (other.c.queued_order < runs.c.queued_order) | (
        (other.c.queued_order == runs.c.queued_order) & (other.c.number < runs.c.number)
    )
    ahead = or_(other.c.status == "running", (other.c.status == "queued") & earlier)
    count = select(func.count()).select_from(other).where(ahead).correlate(runs).scalar_subquery()
    return case((runs.c.status == "queued", count)).label("runs_ahead")


def _run(row: Row[Any], finished: tuple[EpochRecord, ...], kept: tuple[int, ...]) -> Run:
    return Run(
        id=row.id,
        number=row.number,
        recipe=Recipe.from_json(row.recipe),
        target_epochs=row.target_epochs,
        status=row.status,
        origin=row.origin,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        stop_requested=row.stop_requested,
        runs_ahead=row.runs_ahead,
        progress=Progress(**row.progress) if row.progress else None,
        failure=Failure(**row.failure) if row.failure else None,
        environment=row.environment,
        epochs=finished,
        kept=kept,
        revision=row.revision,
    )
