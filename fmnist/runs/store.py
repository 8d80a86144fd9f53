"""The run store: every run with its checkpoints and jobs, in a SQLite file or in PostgreSQL."""

import time
import uuid
from dataclasses import asdict
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, Integer, LargeBinary, cast, delete, exists, func, insert, select

from fmnist.analysis.metrics import rounded
from fmnist.data.dataset import SPLIT_SIZES, no_such_image
from fmnist.errors import DamagedRun, FmnistError, RunConflict
from fmnist.recipe import HELD_OUT_IMAGES, Recipe
from fmnist.runs import computations, presence
from fmnist.runs.checked_blob import CHECKSUM_BYTES, damaged_content
from fmnist.runs.computations import Computations
from fmnist.runs.database import Database
from fmnist.runs.presence import Presences
from fmnist.runs.record import Origin, Run, Status, checked_id
from fmnist.runs.rows import (
    check_epoch,
    deserialize,
    failure_json,
    lock_run,
    lock_user_run,
    next_position,
    ownership_lost,
    read_blob,
    read_run,
    read_runs,
    requeue_stale,
    serialize,
    update_owned,
    update_where_status,
)
from fmnist.runs.schema import checkpoints, epochs, runs, training_states
from fmnist.runs.schema import held_out_logits as held_out_table
from fmnist.runs.seed import insert_seed
from fmnist.runs.start_failures import StartFailures
from fmnist.types import Arrays, EpochMetrics, Progress

TEST_IMAGES = SPLIT_SIZES["test"]


class Store:
    """The runs in the database. Every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database_url: str) -> None:
        """Open the store, and create its tables where there are none."""
        self._database = Database(database_url, insert_seed)
        self.computations = Computations(self._database)
        self.presences = Presences(self._database)
        self.start_failures = StartFailures(self._database)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    # Reading

    def runs(self) -> list[Run]:
        """Return every readable run, the newest first."""
        with self._database.reading() as connection:
            return read_runs(connection)[0]

    def damaged_runs(self) -> list[DamagedRun]:
        """Return the errors of the runs that `runs` leaves out, the newest first; the values name the run."""
        with self._database.reading() as connection:
            return read_runs(connection)[1]

    def run(self, run_id: str) -> Run:
        """Return a run as it is now. Raises UnknownRun."""
        with self._database.reading() as connection:
            return read_run(connection, run_id)

    def has_work(self) -> bool:
        """Return whether any run or job is queued or running."""
        active = exists().where(runs.c.status.in_(("queued", "running")))
        with self._database.reading() as connection:
            return connection.scalar(select(active | computations.unfinished())) or False

    def waiting(self) -> dict[str, int]:
        """Return the ids of the runs with queued work, in the queue's order, each with its position."""
        position = cast(runs.c.queued_order, Integer).label("position")
        queued = select(runs.c.id, position).where(runs.c.status == "queued")
        with self._database.reading() as connection:
            positions = computations.positions(connection)
            positions |= {row.id: row.position for row in connection.execute(queued.order_by(runs.c.number))}
        return dict(sorted(positions.items(), key=itemgetter(1)))

    def logits(self, run_id: str, epoch: int) -> np.ndarray:
        """Return the test set's logits after that epoch, `rounded`, (10,000, 10), read-only. Raises UnknownRun."""
        with self._database.reading() as connection:
            return _logits(read_blob(connection, run_id, epoch, "test_logits"), TEST_IMAGES)

    def held_out_logits(self, run_id: str, epoch: int) -> np.ndarray | None:
        """Return the held-out images' logits after that epoch, `rounded`, (5,000, 10), read-only. Raises UnknownRun.

        None for a run that validates on the test set.
        """
        matches = (held_out_table.c.run == checked_id(run_id)) & (held_out_table.c.epoch == epoch)
        with self._database.reading() as connection:
            check_epoch(connection, run_id, epoch)
            content = connection.scalar(select(held_out_table.c.logits).where(matches))
        return None if content is None else _logits(content, HELD_OUT_IMAGES)

    def sample_logits(self, run_id: str, index: int) -> np.ndarray:
        """Return one test image's logits after every finished epoch, `rounded`, (epochs, 10), without reading others'.

        Raises UnknownRun, and InvalidSample where there is no such image.
        """
        if not 0 <= index < TEST_IMAGES:
            raise no_such_image("test", index, TEST_IMAGES)
        size = (func.length(checkpoints.c.test_logits, type_=Integer) - CHECKSUM_BYTES) // TEST_IMAGES
        part = func.substr(checkpoints.c.test_logits, index * size + 1, size, type_=LargeBinary)
        with self._database.reading() as connection:
            read_run(connection, run_id)
            found = connection.scalars(select(part).where(checkpoints.c.run == run_id).order_by(checkpoints.c.epoch))
            parts = [_logits(logits, 1) for logits in found]
        return np.concatenate([np.empty((0, 10), np.float16), *parts])

    def weights(self, run_id: str, epoch: int) -> Arrays:
        """Return the network after that epoch as named float32 arrays. Raises UnknownRun."""
        with self._database.reading() as connection:
            return deserialize(read_blob(connection, run_id, epoch, "weights"))

    def training_state(self, run_id: str) -> Arrays:
        """Return the state from which training resumes after the last finished epoch, empty before the first."""
        matches = training_states.c.run == checked_id(run_id)
        with self._database.reading() as connection:
            state = connection.scalar(select(training_states.c.state).where(matches))
        return deserialize(state) if state is not None else {}

    # Requests

    def add(self, recipe: Recipe, origin: Origin) -> Run:
        """Insert a new queued run."""
        run_id = uuid.uuid4().hex
        with self._database.writing() as connection:
            connection.execute(
                insert(runs).values(
                    id=run_id,
                    recipe=recipe.to_json(),
                    target_epochs=recipe.epochs,
                    status="queued",
                    origin=origin,
                    created_at=time.time(),
                    queued_order=next_position(connection),
                )
            )
            return read_run(connection, run_id)

    def extend(self, run_id: str, target_epochs: int) -> Run:
        """Queue an ended run for more epochs. Raises UnknownRun; RunConflict for the project's run, too."""
        with self._database.writing() as connection:
            lock_user_run(connection, run_id)
            change = update_where_status(run_id, "succeeded", "stopped", "failed").values(
                status="queued", target_epochs=target_epochs, stop_requested=False, attempts=0, failure=None,
                queued_order=next_position(connection),
            )  # fmt: skip
            if not connection.execute(change).rowcount:
                raise RunConflict("Only a run that has ended can train more epochs.")
            return read_run(connection, run_id)

    def request_stop(self, run_id: str) -> Run:
        """Request that a running run stops; a queued one stops at once. Raises UnknownRun."""
        with self._database.writing() as connection:
            if lock_run(connection, run_id) == "queued":
                connection.execute(update_where_status(run_id, "queued").values(status="stopped", failure=None))
                _enqueue_automatic(connection, run_id)
            else:
                connection.execute(update_where_status(run_id, "running").values(stop_requested=True))
            return read_run(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run and all its arrays. Raises UnknownRun; RunConflict while it trains and for the project's run."""

        def change(connection: Connection) -> None:
            if lock_user_run(connection, run_id) == "running":
                raise RunConflict("The run is training; stop it before you delete it.")
            connection.execute(delete(runs).where(runs.c.id == run_id))

        self._database.delete(change)

    # Training

    def claim(self, run_id: str, worker: str, environment: dict[str, Any]) -> bool:
        """Claim a queued run; of concurrent claims one wins."""
        change = update_where_status(run_id, "queued").values(
            status="running", worker=worker, environment=environment, attempts=runs.c.attempts + 1, failure=None
        )
        with self._database.writing() as connection:
            return connection.execute(change).rowcount == 1

    def record_progress(self, run_id: str, worker: str, progress: Progress) -> bool:
        """Store the progress and return whether to stop. Raises RunConflict when another worker has the run."""
        with self._database.writing() as connection:
            update_owned(connection, run_id, worker, progress=asdict(progress))
            return connection.scalar(select(runs.c.stop_requested).where(runs.c.id == run_id)) or False

    def record_epoch(
        self,
        run_id: str,
        worker: str,
        metrics: EpochMetrics,
        weights: Arrays,
        test_logits: np.ndarray,
        state: Arrays,
        held_out_logits: np.ndarray | None = None,
    ) -> None:
        """Store a finished epoch in one transaction. Raises RunConflict when another worker has the run.

        Raises it, too, in an older copy of the store, which lacks the epochs before.
        """
        logits = rounded(test_logits).tobytes()
        with self._database.writing() as connection:
            update_owned(connection, run_id, worker, attempts=0)
            earlier = select(func.count()).where(epochs.c.run == run_id, epochs.c.epoch < metrics.epoch)
            if connection.scalar(earlier) != metrics.epoch - 1:
                raise ownership_lost(run_id)
            # A worker that missed the commit stores the epoch again.
            for table in (epochs, checkpoints, held_out_table):
                connection.execute(delete(table).where(table.c.run == run_id, table.c.epoch == metrics.epoch))
            # Those of the epoch before.
            connection.execute(delete(training_states).where(training_states.c.run == run_id))
            computations.forget(connection, run_id)
            key = {"run": run_id, "epoch": metrics.epoch}
            connection.execute(insert(epochs).values(run=run_id, **asdict(metrics)))
            connection.execute(insert(checkpoints).values(**key, weights=serialize(weights), test_logits=logits))
            if held_out_logits is not None:
                connection.execute(insert(held_out_table).values(**key, logits=rounded(held_out_logits).tobytes()))
            connection.execute(insert(training_states).values(**key, state=serialize(state)))

    def finish(self, run_id: str, worker: str, status: Status, failure: FmnistError | None = None) -> None:
        """End a run, and queue the automatic jobs of one that ends well with a network.

        Raises RunConflict when another worker has the run.
        """
        why = failure_json(failure) if failure else None
        with self._database.writing() as connection:
            update_owned(connection, run_id, worker, status=status, progress=None, failure=why, stop_requested=False)
            if status != "failed":
                _enqueue_automatic(connection, run_id)

    def release(self, run_id: str, worker: str) -> None:
        """Queue a run again. Raises RunConflict when another worker has the run."""
        with self._database.writing() as connection:
            update_owned(connection, run_id, worker, status="queued", progress=None, worker=None, attempts=0)

    def reap(self, idle_worker: str | None = None) -> None:
        """Requeue the runs and jobs of dead workers, fail those with too many attempts, delete dead processes.

        `idle_worker` is the id of the calling worker: the store's failures left runs claimed by it.
        """
        dead = [each.id for each in self.presences.all() if not each.alive]
        with self._database.writing() as connection:
            presence.forget(connection, dead)
            requeue_stale(connection, idle_worker)
            computations.requeue_stale(connection, idle_worker)


def _enqueue_automatic(connection: Connection, run_id: str) -> None:
    if connection.scalar(select(exists().where(epochs.c.run == run_id))):
        for name in computations.AUTOMATIC:
            computations.enqueue(connection, run_id, name)


def _logits(content: bytes, images: int) -> np.ndarray:
    """Return logits (images, 10), their dtype by the content's length. Raises DamagedRun for any other length."""
    for dtype in (np.float16, np.float32):
        if isinstance(content, bytes) and len(content) == images * 10 * np.dtype(dtype).itemsize:
            return np.frombuffer(content, dtype).reshape(images, 10)
    raise damaged_content()
