"""The run store: every run with its checkpoints and jobs, in a SQLite file or in PostgreSQL."""

import time
import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict

import numpy as np
from sqlalchemy import Connection, Integer, LargeBinary, delete, exists, func, insert, select, update

from fmnist.analysis.metrics import rounded
from fmnist.data.dataset import SPLIT_SIZES, no_such_image
from fmnist.errors import DamagedRun, InvalidRecipe, RunConflict
from fmnist.recipe import HELD_OUT_IMAGES, Recipe
from fmnist.runs.checked_blob import CHECKSUM_BYTES, damaged_content
from fmnist.runs.curve import read_curve
from fmnist.runs.database import Database
from fmnist.runs.jobs import (
    Jobs,
    enqueue_automatic,
    forget_analyses,
    next_position,
    ownership_lost,
    update_owned,
    update_training,
)
from fmnist.runs.leases import Leases
from fmnist.runs.record import Claim, Origin, Run, checked_id
from fmnist.runs.rows import (
    MAX_EPOCHS,
    check_epoch,
    deserialize,
    lock_run,
    lock_user_run,
    newest_ids,
    read_blob,
    read_run,
    read_runs,
    serialize,
    unknown_run,
)
from fmnist.runs.schema import checkpoints, epochs, jobs, learning_rates, runs, training_states
from fmnist.runs.schema import held_out_logits as held_out_table
from fmnist.runs.seed import insert_seed
from fmnist.runs.snapshots import read_snapshots
from fmnist.runs.start_failures import StartFailures
from fmnist.types import Arrays, CurvePoint, EpochMetrics, Snapshot

TEST_IMAGES = SPLIT_SIZES["test"]


class Store:
    """The runs in the database. Every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database_url: str) -> None:
        """Open the store, and create its tables where there are none."""
        self._database = Database(database_url, insert_seed)
        self.jobs = Jobs(self._database)
        self.leases = Leases(self._database)
        self.start_failures = StartFailures(self._database)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    # Reading

    def runs(self, newest: int | None = None, also: Iterable[str] = ()) -> list[Run]:
        """Return every readable run, the newest first.

        With `newest`: so many of them, the included run, those that train, and `also` those with these ids.
        """
        with self._database.reading() as connection:
            return read_runs(connection, newest_ids(connection, newest, also))[0]

    def damaged_runs(self, newest: int | None = None) -> list[DamagedRun]:
        """Return the errors of the runs that `runs` leaves out, the newest first; the values name the run."""
        with self._database.reading() as connection:
            return read_runs(connection, newest_ids(connection, newest))[1]

    def run_by_number(self, number: int) -> Run:
        """Return the run with this number. Raises UnknownRun."""
        with self._database.reading() as connection:
            # Past a database's integers there is no run either.
            found = select(runs.c.id).where(runs.c.number == number)
            run_id = connection.scalar(found) if 0 <= number < 2**31 else None
            if run_id is None:
                raise unknown_run(str(number))
            return read_run(connection, run_id)

    def newest_trained(self) -> Run | None:
        """Return the newest readable run with a finished epoch."""
        trained = select(runs.c.id).where(exists().where(epochs.c.run == runs.c.id)).order_by(runs.c.number.desc())
        trained = trained.limit(50)  # more than ever are damaged
        with self._database.reading() as connection:
            for run_id in connection.scalars(trained).all():
                with suppress(DamagedRun):
                    return read_run(connection, run_id)
        return None

    def count(self) -> Counter[str]:
        """Return how many runs have each status."""
        counted = (
            select(jobs.c.status, func.count().label("runs")).where(jobs.c.name == "training").group_by(jobs.c.status)
        )
        with self._database.reading() as connection:
            return Counter({row.status: row.runs for row in connection.execute(counted)})

    def run(self, run_id: str) -> Run:
        """Return a run as it is now. Raises UnknownRun."""
        with self._database.reading() as connection:
            return read_run(connection, run_id)

    def curve(self, run_id: str, after: float = 0.0) -> tuple[CurvePoint, ...]:
        """Return the points of a run's training curve after so many epochs. Raises UnknownRun."""
        with self._database.reading() as connection:
            points = read_curve(connection, checked_id(run_id), after)
            if not points:
                read_run(connection, run_id)
            return points

    def snapshots(self, run_id: str, after: float = 0.0) -> tuple[Snapshot, ...]:
        """Return the snapshots within a run's epochs, after so many epochs. Raises DamagedRun."""
        with self._database.reading() as connection:
            return read_snapshots(connection, checked_id(run_id), after)

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

    def submit(self, recipe: Recipe, origin: Origin) -> Run:
        """Insert a new run and queue its training."""
        run_id = uuid.uuid4().hex
        with self._database.writing() as connection:
            connection.execute(
                insert(runs).values(
                    id=run_id,
                    recipe=recipe.to_json(),
                    target_epochs=recipe.epochs,
                    origin=origin,
                    created_at=time.time(),
                )
            )
            queued = {"status": "queued", "position": next_position(connection)}
            connection.execute(insert(jobs).values(run=run_id, name="training", **queued))
            return read_run(connection, run_id)

    def extend(self, run_id: str, more: int, learning_rate: float | None = None) -> Run:
        """Queue an ended run for more epochs, at a constant `learning_rate` where one is given.

        Raises UnknownRun, InvalidRecipe; RunConflict for the project's, too.
        """
        with self._database.writing() as connection:
            lock_user_run(connection, run_id)
            done = len(read_run(connection, run_id).epochs)
            if not done:
                raise RunConflict("The run has no finished epoch to continue from; start a new run.")
            if type(more) is not int or not 1 <= more <= MAX_EPOCHS - done:  # a client can bypass any form
                raise InvalidRecipe(
                    "{more!r} more epochs are not possible; the run has {done} and may have at most {most} in all.",
                    more=more, done=done, most=MAX_EPOCHS,
                )  # fmt: skip
            change = update_training(run_id, "succeeded", "stopped", "failed").values(
                status="queued", stop_requested=False, attempts=0, failure=None, position=next_position(connection)
            )
            if not connection.execute(change).rowcount:
                raise RunConflict("Only a run that has ended can train more epochs.")
            connection.execute(update(runs).where(runs.c.id == run_id).values(target_epochs=done + more))
            if learning_rate is not None:
                Recipe(learning_rate=learning_rate)  # checks it
                stretch = (learning_rates.c.run == run_id) & (learning_rates.c.epoch == done + 1)
                connection.execute(delete(learning_rates).where(stretch))
                values = {"run": run_id, "epoch": done + 1, "learning_rate": learning_rate}
                connection.execute(insert(learning_rates).values(**values))
            # They would be computed of a network that is soon not the last.
            queued = (jobs.c.run == run_id) & (jobs.c.name != "training") & (jobs.c.status == "queued")
            connection.execute(update(jobs).where(queued).values(position=next_position(connection)))
            return read_run(connection, run_id)

    def request_stop(self, run_id: str) -> Run:
        """Request that a running run stops; a queued one stops at once. Raises UnknownRun.

        The network of its last finished epoch is kept.
        """
        with self._database.writing() as connection:
            if lock_run(connection, run_id) == "queued":
                connection.execute(update_training(run_id, "queued").values(status="stopped", failure=None))
                enqueue_automatic(connection, run_id)
            else:
                connection.execute(update_training(run_id, "running").values(stop_requested=True))
            return read_run(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run and all its arrays. Raises UnknownRun; RunConflict while it trains and for the project's run."""

        def change(connection: Connection) -> None:
            if lock_user_run(connection, run_id) == "running":
                raise RunConflict("The run is training; stop it before you delete it.")
            connection.execute(delete(runs).where(runs.c.id == run_id))

        self._database.delete(change)

    # Training

    def record_epoch(
        self,
        claim: Claim,
        metrics: EpochMetrics,
        weights: Arrays,
        test_logits: np.ndarray,
        state: Arrays,
        held_out_logits: np.ndarray | None = None,
    ) -> None:
        """Store a finished epoch in one transaction. Raises RunConflict when another worker has the run.

        Raises it, too, in an older copy of the store, which lacks the epochs before.
        """
        run_id, logits = claim.run, rounded(test_logits).tobytes()
        with self._database.writing() as connection:
            update_owned(connection, claim, attempts=0)
            earlier = select(func.count()).where(epochs.c.run == run_id, epochs.c.epoch < metrics.epoch)
            if connection.scalar(earlier) != metrics.epoch - 1:
                raise ownership_lost(run_id)
            # A worker that missed the commit stores the epoch again.
            for table in (epochs, checkpoints, held_out_table):
                connection.execute(delete(table).where(table.c.run == run_id, table.c.epoch == metrics.epoch))
            # Those of the epoch before.
            connection.execute(delete(training_states).where(training_states.c.run == run_id))
            forget_analyses(connection, run_id)
            key = {"run": run_id, "epoch": metrics.epoch}
            connection.execute(insert(epochs).values(run=run_id, **asdict(metrics)))
            connection.execute(insert(checkpoints).values(**key, weights=serialize(weights), test_logits=logits))
            if held_out_logits is not None:
                connection.execute(insert(held_out_table).values(**key, logits=rounded(held_out_logits).tobytes()))
            connection.execute(insert(training_states).values(**key, state=serialize(state)))


def _logits(content: bytes, images: int) -> np.ndarray:
    """Return logits (images, 10), their dtype by the content's length. Raises DamagedRun for any other length."""
    for dtype in (np.float16, np.float32):
        if isinstance(content, bytes) and len(content) == images * 10 * np.dtype(dtype).itemsize:
            return np.frombuffer(content, dtype).reshape(images, 10)
    raise damaged_content()
