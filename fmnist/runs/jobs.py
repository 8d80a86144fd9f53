"""The jobs of runs, which are the queue: requested, claimed, followed and ended in the store."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Update,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from fmnist.errors import FmnistError, RunConflict
from fmnist.runs.curve import add_points, forget_unfinished
from fmnist.runs.database import Database
from fmnist.runs.parse import MALFORMED, STATUSES, parse_failure
from fmnist.runs.record import Claim, Failure, Interrupt, Job, JobName, Status, checked_id
from fmnist.runs.rows import deserialize, failure_json, lock_run, read_run, serialize, training
from fmnist.runs.schema import epochs, jobs, runs
from fmnist.runs.snapshots import add_snapshots, forget_unfinished_snapshots
from fmnist.types import Progress, Snapshot

DEPENDS_ON: dict[JobName, tuple[JobName, ...]] = {"pca": ("embeddings",), "tsne": ("embeddings",)}
# Queued for every run that ends well; the others on request.
AUTOMATIC: tuple[JobName, ...] = ("embeddings", "pca")

# After so many crashes of its worker, a training's without a finished epoch, a job is not tried again.
MAX_ATTEMPTS = 3
CRASHED = {
    True: FmnistError(
        "The worker died {times} times in the same epoch. This machine may lack memory: a worker needs up to 1.2 GB, "
        "whatever the batch size. Close other programs and try again.",
        times=MAX_ATTEMPTS,
    ),
    False: FmnistError(
        "The worker died {times} times during this computation; it may lack memory. Close other programs and try "
        "again.",
        times=MAX_ATTEMPTS,
    ),
}
UNREADABLE = FmnistError("The reason for the failure of this computation is damaged in the store; try again.")


class Jobs:
    """The jobs in the store. Every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, run_id: str, name: JobName) -> Job | None:
        """Return an analysis's state, None without a request since the last finished epoch. Raises UnknownRun."""
        with self._database.reading() as connection:
            found = _read(connection, checked_id(run_id), name)
            if found is None:
                read_run(connection, run_id)
        return found

    def result(self, run_id: str, name: JobName) -> dict[str, np.ndarray] | None:
        """Return an analysis's arrays, None until they are there. Raises UnknownRun.

        - "embeddings": float16 "train" (60,000, 54) and "test" (10,000, 54)
        - "pca": float32 "points" (10,000, 2), float64 "explained_variance_ratio" (2,)
        - "tsne": float32 "points" (10,000, 2)
        - "determinism": uint8 "sha256" (times, 32)
        """
        with self._database.reading() as connection:
            content = connection.scalar(select(jobs.c.content).where(matches(checked_id(run_id), name)))
            if content is None:
                read_run(connection, run_id)
        return None if content is None else deserialize(content)

    def request(self, run_id: str, name: JobName) -> Job:
        """Queue an analysis of an ended run, behind those it depends on. A queued, running or succeeded one stays.

        Raises UnknownRun, RunConflict.
        """
        with self._database.writing() as connection:
            if lock_run(connection, run_id) in ("queued", "running"):
                raise RunConflict("The run is still training; try again when it has ended.")
            if not read_run(connection, run_id).epochs:
                raise RunConflict("The run has no finished epoch, so nothing can be computed; start a new run.")
            for each in (*DEPENDS_ON.get(name, ()), name):
                enqueue(connection, run_id, each)
            job = _read(connection, run_id, name)
            assert job
            return job

    def any_active(self) -> bool:
        """Return whether any job is queued or running."""
        with self._database.reading() as connection:
            return connection.scalar(select(exists().where(jobs.c.status.in_(("queued", "running"))))) or False

    def claim(self, worker: str, environment: dict[str, Any]) -> Claim | None:
        """Claim the first queued job, None where there is none; of concurrent claims each gets another.

        The run of a training takes the worker's environment.
        """
        first = select(jobs.c.run, jobs.c.name).where(jobs.c.status == "queued")
        first = first.order_by(jobs.c.position, jobs.c.run).limit(1)
        with self._database.reading() as connection:  # an idle worker takes no lock
            if connection.execute(first).one_or_none() is None:
                return None
        with self._database.writing() as connection:
            # SQLite knows no FOR UPDATE and needs none: it has one writer at a time.
            row = connection.execute(first.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            claim = Claim(row.run, row.name, worker)
            change = update(jobs).where(matches(claim.run, claim.name))
            change = change.values(
                status="running", worker=worker, failure=None, attempts=jobs.c.attempts + 1, writes=jobs.c.writes + 1
            )
            if claim.name == "training":
                connection.execute(update(runs).where(runs.c.id == claim.run).values(environment=environment))
                forget_unfinished(connection, claim.run)
                forget_unfinished_snapshots(connection, claim.run)
            else:
                change = change.values(position=next_position(connection))
            connection.execute(change)
            return claim

    def record_progress(
        self, claim: Claim, progress: Any, snapshots: Sequence[Snapshot] = (), earlier: Sequence[Progress] = ()
    ) -> Interrupt | None:
        """Store the progress, a `Progress` or a share, and return why the job shall end. Raises RunConflict.

        A `Progress` is also a point of the run's curve, as are the `earlier` ones since the last one that was stored;
        with it the snapshots since then are stored.

        An analysis yields to a training that is submitted after its claim, so that a training starts at once. It does
        not yield to trainings that were queued before: they would only wait for one another.
        """
        first = select(func.min(jobs.c.position)).where(jobs.c.name == "training", jobs.c.status == "queued")
        asked = select(jobs.c.stop_requested, first.scalar_subquery() > jobs.c.position)
        with self._database.writing() as connection:
            if isinstance(progress, Progress):
                update_owned(connection, claim, progress=asdict(progress))
                add_points(connection, claim.run, [*earlier, progress])
                add_snapshots(connection, claim.run, snapshots)
            else:
                update_owned(connection, claim, progress=progress)
            stops, yields = connection.execute(asked.where(matches(claim.run, claim.name))).one()
        if stops:
            return "stop"
        return "yield" if yields and claim.name != "training" else None

    def finish(
        self,
        claim: Claim,
        status: Status,
        *,
        result: dict[str, np.ndarray] | None = None,
        failure: FmnistError | None = None,
    ) -> None:
        """End a job, and queue the automatic ones of a training that ends well with a network. Raises RunConflict."""
        content, why = serialize(result) if result else None, failure_json(failure) if failure else None
        with self._database.writing() as connection:
            update_owned(
                connection, claim, status=status, progress=None, failure=why, stop_requested=False, content=content
            )
            if claim.name == "training" and status != "failed":
                enqueue_automatic(connection, claim.run)

    def release(self, claim: Claim) -> None:
        """Queue a job again: a training in its place, an analysis with those that depend on it behind all others.

        Raises RunConflict when another worker has the job.
        """
        with self._database.writing() as connection:
            update_owned(connection, claim, status="queued", progress=None, worker=None, attempts=0)
            if claim.name == "training":
                return
            for name in (claim.name, *(name for name, others in DEPENDS_ON.items() if claim.name in others)):
                queued = matches(claim.run, name) & (jobs.c.status == "queued")
                connection.execute(update(jobs).where(queued).values(position=next_position(connection)))


def requeue_stale(connection: Connection, stale: ColumnElement[bool]) -> None:
    """Queue the running jobs that meet the condition; fail those with too many attempts."""
    change = update(jobs).where(jobs.c.status == "running", stale).values(progress=None, worker=None)
    for of_training, failure in CRASHED.items():
        hopeless = change.where(jobs.c.attempts >= MAX_ATTEMPTS, (jobs.c.name == "training") == of_training)
        connection.execute(hopeless.values(status="failed", failure=failure_json(failure)))
    connection.execute(change.values(status="queued"))


def next_position(connection: Connection) -> int:
    """Return the last position of the queue."""
    last = select(func.max(cast(jobs.c.position, Integer))).where(jobs.c.status.in_(("queued", "running")))
    return 1 + (connection.scalar(last) or 0)


def enqueue(connection: Connection, run_id: str, name: JobName) -> None:
    """Queue the analysis unless it is queued, running or succeeded; the run's row is locked."""
    kept = jobs.c.status.in_(("queued", "running", "succeeded"))
    connection.execute(delete(jobs).where(matches(run_id, name), ~kept))
    if not connection.scalar(select(exists().where(matches(run_id, name)))):
        queued = {"status": "queued", "position": next_position(connection)}
        connection.execute(insert(jobs).values(run=run_id, name=name, **queued))


def enqueue_automatic(connection: Connection, run_id: str) -> None:
    """Queue the automatic analyses of a run with a network."""
    if connection.scalar(select(exists().where(epochs.c.run == run_id))):
        for name in AUTOMATIC:
            enqueue(connection, run_id, name)


def forget_analyses(connection: Connection, run_id: str) -> None:
    """Delete the analyses of a network that is no longer the run's last."""
    connection.execute(delete(jobs).where(jobs.c.run == run_id, jobs.c.name != "training"))


def update_training(run_id: str, *statuses: Status) -> Update:
    """Return an update of the run's training that applies only in one of these statuses."""
    return update(jobs).where(training(run_id), jobs.c.status.in_(statuses))


def update_owned(connection: Connection, claim: Claim, /, **values: Any) -> None:
    """Update a job that the worker has. Raises RunConflict when it has not: it may count as dead, and go on."""
    own = matches(claim.run, claim.name) & (jobs.c.status == "running") & (jobs.c.worker == claim.worker)
    if not connection.execute(update(jobs).where(own).values(writes=jobs.c.writes + 1, **values)).rowcount:
        raise ownership_lost(claim.run)


def ownership_lost(run_id: str) -> RunConflict:
    """Return the error for a worker whose run was deleted, extended or claimed by another worker."""
    return RunConflict("The run {run_id} is no longer this worker's.", run_id=run_id)


def matches(run_id: str, name: str) -> ColumnElement[bool]:
    """Return the condition of one job."""
    return (jobs.c.run == run_id) & (jobs.c.name == name)


def _read(connection: Connection, run_id: str, name: JobName) -> Job | None:
    columns = jobs.c["status", "progress", "failure"]
    row: Row[Any] | None = connection.execute(select(*columns).where(matches(run_id, name))).one_or_none()
    if row is None:
        return None
    try:
        failure = parse_failure(row.failure)
    except MALFORMED:
        failure = None
    status: Status = row.status if row.status in STATUSES else "failed"
    if failure is None and status == "failed":
        failure = Failure(**failure_json(UNREADABLE))
    return Job(name, status, 1.0 if status == "succeeded" else row.progress or 0.0, failure)
