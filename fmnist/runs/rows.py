"""The rows of the store's runs inside a transaction: how they are read and changed."""

import logging
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, case, exists, func, or_, select, update

from fmnist.errors import InvalidRecipe, RunConflict, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.record import EpochRecord, Failure, Progress, Run, Status, checked_id
from fmnist.runs.schema import artifacts, epochs, runs

log = logging.getLogger(__name__)


def read_runs(connection: Connection, condition: ColumnElement[bool] | None = None) -> list[Run]:
    """The runs that meet the condition, the newest first. One that cannot be read is left out and logged."""
    which = select(runs, _runs_ahead()).order_by(runs.c.number.desc())
    numbers = select(epochs).order_by(epochs.c.epoch)
    if condition is not None:
        which, numbers = which.where(condition), numbers.join(runs).where(condition)
    rows = connection.execute(which).all()
    finished: dict[str, list[EpochRecord]] = defaultdict(list)
    for row in connection.execute(numbers).mappings():
        finished[row["run"]].append(EpochRecord(**{name: row[name] for name in EpochRecord.__dataclass_fields__}))
    found = []
    for row in rows:
        try:
            found.append(_run(row, tuple(finished[row.id])))
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


def lacks_files(connection: Connection, run_id: str) -> bool:
    """Whether the run has a network of which the files are still to be made."""
    has_epochs, has_files = (exists().where(table.c.run == run_id) for table in (epochs, artifacts))
    return connection.scalar(select(has_epochs & ~has_files)) or False


def next_order(connection: Connection) -> int:
    """The last place in the queue."""
    return (connection.scalar(select(func.max(runs.c.queued_order))) or 0) + 1


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
        raise RunConflict("The run {run_id} is no longer this worker's.", run_id=run_id)


def _runs_ahead() -> ColumnElement[int | None]:
    other = runs.alias()
    earlier = (other.c.queued_order < runs.c.queued_order) | (
        (other.c.queued_order == runs.c.queued_order) & (other.c.number < runs.c.number)
    )
    ahead = or_(other.c.status == "running", (other.c.status == "queued") & earlier)
    count = select(func.count()).select_from(other).where(ahead).correlate(runs).scalar_subquery()
    return case((runs.c.status == "queued", count)).label("runs_ahead")


def _run(row: Row[Any], finished: tuple[EpochRecord, ...]) -> Run:
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
        revision=row.revision,
    )
