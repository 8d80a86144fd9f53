"""Analysis jobs of trained runs: requested, claimed and stored as the runs themselves."""

from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Integer,
    Row,
    Select,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from fmnist.errors import FmnistError, RunConflict
from fmnist.runs.database import Database
from fmnist.runs.parse import MALFORMED, parse_failure
from fmnist.runs.record import Computation, ComputationName, ComputationStatus, Failure, checked_id
from fmnist.runs.rows import (
    MAX_ATTEMPTS,
    deserialize,
    failure_json,
    is_abandoned,
    lock_run,
    next_position,
    ownership_lost,
    read_run,
    serialize,
)
from fmnist.runs.schema import computations, runs

DEPENDS_ON: dict[ComputationName, tuple[ComputationName, ...]] = {"pca": ("embeddings",), "tsne": ("embeddings",)}
# Queued for every run that ends well; the others on request.
AUTOMATIC: tuple[ComputationName, ...] = ("embeddings", "pca")
UNDERWAY_OR_DONE: tuple[ComputationStatus, ...] = ("waiting", "running", "done")


class Computations:
    """The jobs in the store. Every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, run_id: str, name: ComputationName) -> Computation | None:
        """Return the job's state, None without a request since the last finished epoch. Raises UnknownRun."""
        with self._database.reading() as connection:
            row = connection.execute(_states(checked_id(run_id), name)).one_or_none()
            if row is None:
                read_run(connection, run_id)
        return None if row is None else _computation(name, row)

    def result(self, run_id: str, name: ComputationName) -> dict[str, np.ndarray] | None:
        """Return the computed arrays, None until they are there. Raises UnknownRun.

        - "embeddings": float16 "train" (60,000, 54) and "test" (10,000, 54)
        - "pca": float32 "points" (10,000, 2), float64 "explained_variance_ratio" (2,)
        - "tsne": float32 "points" (10,000, 2)
        - "determinism": uint8 "sha256" (times, 32)
        """
        with self._database.reading() as connection:
            content = connection.scalar(select(computations.c.content).where(_matches(checked_id(run_id), name)))
            if content is None:
                read_run(connection, run_id)
        return None if content is None else deserialize(content)

    def request(self, run_id: str, name: ComputationName) -> Computation:
        """Queue the job behind those it depends on. Raises UnknownRun, RunConflict."""
        with self._database.writing() as connection:
            if lock_run(connection, run_id) in ("queued", "running"):
                raise RunConflict("The run is still training; try again when it has ended.")
            if not read_run(connection, run_id).epochs:
                raise RunConflict("The run has no finished epoch, so nothing can be computed; start a new run.")
            for each in (*DEPENDS_ON.get(name, ()), name):
                enqueue(connection, run_id, each)
            return _computation(name, connection.execute(_states(run_id, name)).one())

    def claim(self, run_id: str, worker: str) -> ComputationName | None:
        """Claim the first queued job of the run; of concurrent claims one wins."""
        waiting = select(computations.c.name).where(computations.c.run == run_id, computations.c.status == "waiting")
        with self._database.writing() as connection:
            for name in connection.scalars(waiting.order_by(computations.c.queued_order)).all():
                change = (
                    update(computations)
                    .where(_matches(run_id, name), computations.c.status == "waiting")
                    .values(
                        status="running",
                        worker=worker,
                        failure=None,
                        attempts=computations.c.attempts + 1,
                        queued_order=next_position(connection),
                    )
                )
                if connection.execute(change).rowcount:
                    return name
        return None

    def record_progress(self, run_id: str, name: ComputationName, worker: str, progress: float) -> bool:
        """Store the progress and return whether to yield to a run. Raises RunConflict when another worker has the job.

        A job yields to a run that is submitted after its claim, so that a training starts at once. It does not yield
        to runs that were queued before: they would only wait for one another.
        """
        first = select(func.min(runs.c.queued_order)).where(runs.c.status == "queued").scalar_subquery()
        with self._database.writing() as connection:
            _update_owned(connection, run_id, name, worker, progress=progress)
            gives_way = select(first > computations.c.queued_order).where(_matches(run_id, name))
            return connection.scalar(gives_way) or False

    def finish(self, run_id: str, name: ComputationName, worker: str, result: dict[str, np.ndarray]) -> None:
        """Store the result. Raises RunConflict when another worker has the job."""
        content = serialize(result)
        with self._database.writing() as connection:
            _update_owned(connection, run_id, name, worker, status="done", progress=1.0, content=content)

    def fail(self, run_id: str, name: ComputationName, worker: str, failure: FmnistError) -> None:
        """Store the failure. Raises RunConflict when another worker has the job."""
        with self._database.writing() as connection:
            _update_owned(connection, run_id, name, worker, status="failed", failure=failure_json(failure))

    def release(self, run_id: str, name: ComputationName, worker: str) -> None:
        """Queue the job again, behind all others. Raises RunConflict when another worker has the job."""
        with self._database.writing() as connection:
            order = next_position(connection)
            _update_owned(
                connection, run_id, name, worker,
                status="waiting", progress=0.0, worker=None, attempts=0, queued_order=order,
            )  # fmt: skip


def unfinished() -> Exists:
    """Return the condition that any job is queued or running."""
    return exists().where(computations.c.status.in_(("waiting", "running")))


def positions(connection: Connection) -> dict[str, int]:
    """Return the position of the first queued job of each run that has one, by run id."""
    first = select(computations.c.run, func.min(cast(computations.c.queued_order, Integer)).label("position"))
    rows = connection.execute(first.where(computations.c.status == "waiting").group_by(computations.c.run))
    return {row.run: row.position for row in rows}


def enqueue(connection: Connection, run_id: str, name: ComputationName) -> None:
    """Queue the job unless it is queued, running or done; the run's row is locked."""
    connection.execute(
        delete(computations).where(_matches(run_id, name), computations.c.status.not_in(UNDERWAY_OR_DONE))
    )
    if not connection.scalar(select(exists().where(_matches(run_id, name)))):
        queued = {"status": "waiting", "queued_order": next_position(connection)}
        connection.execute(insert(computations).values(run=run_id, name=name, **queued))


def forget(connection: Connection, run_id: str) -> None:
    """Delete the jobs of a network that is no longer the run's last."""
    connection.execute(delete(computations).where(computations.c.run == run_id))


def requeue_stale(connection: Connection, idle_worker: str | None) -> None:
    """Queue the jobs whose worker died or is idle; fail those with too many attempts."""
    lost = (computations.c.status == "running") & is_abandoned(computations, idle_worker)
    change = update(computations).where(lost).values(progress=0.0, worker=None)
    failure = FmnistError(
        "The worker died {times} times during this computation; it may lack memory. Close other programs and try "
        "again.",
        times=MAX_ATTEMPTS,
    )
    hopeless = change.where(computations.c.attempts >= MAX_ATTEMPTS).values(
        status="failed", failure=failure_json(failure)
    )
    connection.execute(hopeless)
    connection.execute(change.values(status="waiting"))


def _states(run_id: str, name: str) -> Select[Any]:
    return select(*computations.c["status", "progress", "failure"]).where(_matches(run_id, name))


def _computation(name: ComputationName, row: Row[Any]) -> Computation:
    try:
        failure = parse_failure(row.failure)
    except MALFORMED:
        failure = None
    if failure is None and row.status not in UNDERWAY_OR_DONE:
        failure = Failure(
            **failure_json(
                FmnistError("The reason for the failure of this computation is damaged in the store; try again.")
            )
        )
    status: ComputationStatus = row.status if row.status in UNDERWAY_OR_DONE else "failed"
    return Computation(name, status, row.progress, failure)


def _matches(run_id: str, name: str) -> ColumnElement[bool]:
    return (computations.c.run == run_id) & (computations.c.name == name)


def _update_owned(connection: Connection, run_id: str, name: str, owner: str, /, **values: Any) -> None:
    own = _matches(run_id, name) & (computations.c.status == "running") & (computations.c.worker == owner)
    if not connection.execute(update(computations).where(own).values(**values)).rowcount:
        raise ownership_lost(run_id)
