"""The run store: the one truth about every run, in a SQLite file or in PostgreSQL."""

import math
import time
import uuid
from dataclasses import asdict
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save
from sqlalchemy import delete, exists, insert, select, update

from fmnist.errors import FmnistError, RunConflict, UnknownRun
from fmnist.recipe import LIMITS, Recipe
from fmnist.runs.database import Database, now
from fmnist.runs.presence import Presence
from fmnist.runs.record import EpochRecord, Origin, Progress, Run, Status, checked_id
from fmnist.runs.rows import change_own, changing, lacks_files, locked_status, next_order, read_run, read_runs
from fmnist.runs.schema import arrays, artifacts, epochs, optimizers, processes, runs

Weights = dict[str, np.ndarray]

# A run that took its worker down this often without finishing an epoch is not tried again.
MOST_ATTEMPTS = 3

MOST_EPOCHS = int(LIMITS["epochs"][1])


class Store:
    """Every method is one transaction. All raise StoreUnavailable when the database cannot do its work."""

    def __init__(self, database_url: str) -> None:
        """Open the store and make its tables where there are none."""
        self._database = Database(database_url)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    # Reading

    def runs(self) -> list[Run]:
        """Every run, the newest first."""
        with self._database.reading() as connection:
            return read_runs(connection)

    def run(self, run_id: str) -> Run:
        """One run as it is now. Raises UnknownRun."""
        with self._database.reading() as connection:
            return read_run(connection, run_id)

    def has_active_runs(self) -> bool:
        """Whether any run waits or trains."""
        with self._database.reading() as connection:
            return connection.scalar(select(exists().where(runs.c.status.in_(("queued", "running"))))) or False

    def waiting(self) -> dict[str, int]:
        """The ids of the runs that wait, the first to be trained first, each with its place in the queue."""
        order = select(runs.c.id, runs.c.queued_order).order_by(runs.c.queued_order, runs.c.number)
        with self._database.reading() as connection:
            return {row.id: row.queued_order for row in connection.execute(order.where(runs.c.status == "queued"))}

    def logits(self, run_id: str, epoch: int) -> np.ndarray:
        """The test set's logits after that epoch, float16 (10,000, 10), read-only. Raises UnknownRun."""
        return np.frombuffer(self._blob(run_id, epoch, "test_logits"), np.float16).reshape(-1, 10)

    def weights(self, run_id: str, epoch: int) -> Weights:
        """The network after that epoch as named float32 arrays. Raises UnknownRun."""
        return _unpacked(self._blob(run_id, epoch, "weights"))

    def optimizer(self, run_id: str) -> Weights:
        """The optimizer's state after the last finished epoch, empty when there is none."""
        with self._database.reading() as connection:
            state = connection.scalar(select(optimizers.c.state).where(optimizers.c.run == checked_id(run_id)))
        return _unpacked(state) if state is not None else {}

    def artifact(self, run_id: str, name: str) -> bytes | None:
        """A file of the network after the last epoch, None until the run has ended with one. Raises UnknownRun."""
        matches = (artifacts.c.run == checked_id(run_id)) & (artifacts.c.name == name)
        with self._database.reading() as connection:
            content = connection.scalar(select(artifacts.c.content).where(matches))
            if content is None:
                read_run(connection, run_id)
            return content

    def presences(self) -> list[Presence]:
        """Every process that has not said goodbye, alive or not."""
        with self._database.reading() as connection:
            rows = connection.execute(select(processes, (now(connection) - processes.c.beat_at).label("silence")))
            return [Presence(r.id, r.kind, r.host, r.pid, r.started, r.silence) for r in rows]

    def _blob(self, run_id: str, epoch: int, column: str) -> bytes:
        matches = (arrays.c.run == checked_id(run_id)) & (arrays.c.epoch == epoch)
        with self._database.reading() as connection:
            # Past a database's integers there is no epoch either.
            blob = connection.scalar(select(arrays.c[column]).where(matches)) if 0 < epoch <= MOST_EPOCHS else None
            if blob is None:
                read_run(connection, run_id)
                raise UnknownRun("The run has no finished epoch {epoch}.", epoch=epoch)
            return blob

    # Asking

    def add(self, recipe: Recipe, origin: Origin) -> Run:
        """Record a new run that waits."""
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
                    queued_order=next_order(connection),
                )
            )
            return read_run(connection, run_id)

    def extend(self, run_id: str, target_epochs: int) -> Run:
        """Let a finished run wait for more epochs. Raises UnknownRun, RunConflict."""
        with self._database.writing() as connection:
            locked_status(connection, run_id)
            change = changing(run_id, "succeeded", "stopped").values(
                status="queued", target_epochs=target_epochs, stop_requested=False, queued_order=next_order(connection)
            )
            if not connection.execute(change).rowcount:
                raise RunConflict("Only a run that succeeded or was stopped can train more epochs.")
            return read_run(connection, run_id)

    def request_stop(self, run_id: str) -> Run:
        """Ask an active run to end; a waiting one that leaves nothing to be done ends at once. Raises UnknownRun."""
        with self._database.writing() as connection:
            status = locked_status(connection, run_id)
            if status == "queued" and not lacks_files(connection, run_id):
                connection.execute(changing(run_id, "queued").values(status="stopped"))
            else:
                connection.execute(changing(run_id, "queued", "running").values(stop_requested=True))
            return read_run(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Forget a run and all its arrays. Raises UnknownRun, and RunConflict while it trains."""
        with self._database.writing() as connection:
            if locked_status(connection, run_id) == "running":
                raise RunConflict("The run is training; stop it before you delete it.")
            connection.execute(delete(runs).where(runs.c.id == run_id))

    # Training

    def claim(self, run_id: str, worker: str, environment: dict[str, Any]) -> bool:
        """Take a waiting run; of all who try at once, one wins."""
        change = changing(run_id, "queued").values(
            status="running", worker=worker, environment=environment, attempts=runs.c.attempts + 1
        )
        with self._database.writing() as connection:
            return connection.execute(change).rowcount == 1

    def record_progress(self, run_id: str, worker: str, progress: Progress) -> bool:
        """Say where the run stands, and hear whether it shall stop. Raises RunConflict when it is another's."""
        with self._database.writing() as connection:
            change_own(connection, run_id, worker, progress=asdict(progress))
            return connection.scalar(select(runs.c.stop_requested).where(runs.c.id == run_id)) or False

    def record_epoch(
        self,
        run_id: str,
        worker: str,
        record: EpochRecord,
        weights: Weights,
        test_logits: np.ndarray,
        optimizer: Weights,
    ) -> None:
        """Store a finished epoch whole or not at all. Raises RunConflict when the run is no longer this worker's."""
        logits = test_logits.astype(np.float16).tobytes()
        with self._database.writing() as connection:
            change_own(connection, run_id, worker, attempts=0)
            # Whoever did not hear that it was stored stores it again.
            connection.execute(delete(epochs).where(epochs.c.run == run_id, epochs.c.epoch == record.epoch))
            connection.execute(delete(arrays).where(arrays.c.run == run_id, arrays.c.epoch == record.epoch))
            # What belongs to the epoch before it.
            connection.execute(delete(optimizers).where(optimizers.c.run == run_id))
            connection.execute(delete(artifacts).where(artifacts.c.run == run_id))
            key = {"run": run_id, "epoch": record.epoch}
            connection.execute(insert(epochs).values(run=run_id, **asdict(record)))
            connection.execute(insert(arrays).values(**key, weights=save(weights), test_logits=logits))
            connection.execute(insert(optimizers).values(**key, state=save(optimizer)))

    def finish(
        self,
        run_id: str,
        worker: str,
        status: Status,
        files: dict[str, bytes] | None = None,
        failure: FmnistError | None = None,
    ) -> None:
        """End a run with its files. Raises RunConflict when the run is no longer this worker's."""
        reason = _reason(failure) if failure else None
        with self._database.writing() as connection:
            change_own(connection, run_id, worker, status=status, progress=None, failure=reason, stop_requested=False)
            connection.execute(delete(artifacts).where(artifacts.c.run == run_id))
            if files:
                rows = [{"run": run_id, "name": name, "content": content} for name, content in files.items()]
                connection.execute(insert(artifacts), rows)

    def release(self, run_id: str, worker: str) -> None:
        """Put a run back among those that wait. Raises RunConflict when the run is no longer this worker's."""
        with self._database.writing() as connection:
            change_own(connection, run_id, worker, status="queued", progress=None, worker=None, attempts=0)

    def reap(self, idle_worker: str | None = None) -> None:
        """Put back the runs whose worker died, give up those that it dies of, forget the processes that died.

        A worker that trains nothing names itself: a run it is said to train was lost to a failure of the store.
        """
        dead = [presence.id for presence in self.presences() if not presence.alive]
        with self._database.writing() as connection:
            connection.execute(delete(processes).where(processes.c.id.in_(dead)))
            abandoned = runs.c.worker.not_in(select(processes.c.id)) | (runs.c.worker == idle_worker)
            back = (
                update(runs)
                .where(runs.c.status == "running", abandoned)
                .values(progress=None, worker=None, revision=runs.c.revision + 1)
            )
            failure = FmnistError(
                "The worker died {times} times in the same epoch; it may lack memory. Try a smaller batch.",
                times=MOST_ATTEMPTS,
            )
            hopeless = back.where(runs.c.attempts >= MOST_ATTEMPTS).values(status="failed", failure=_reason(failure))
            connection.execute(hopeless)
            connection.execute(back.values(status="queued"))

    # Presence

    def beat(self, presence: Presence) -> None:
        """Say that a process is here."""
        values = {"kind": presence.kind, "host": presence.host, "pid": presence.pid, "started": presence.started}
        with self._database.writing() as connection:
            beat = update(processes).where(processes.c.id == presence.id).values(beat_at=now(connection))
            if not connection.execute(beat).rowcount:
                connection.execute(insert(processes).values(id=presence.id, beat_at=now(connection), **values))

    def leave(self, presence: Presence) -> None:
        """Say that a process goes."""
        with self._database.writing() as connection:
            connection.execute(delete(processes).where(processes.c.id == presence.id))


def _unpacked(content: bytes) -> Weights:
    try:
        return load(content)
    except SafetensorError as error:
        raise UnknownRun("The run's network is damaged in the store: {reason}. Train it anew.", reason=error) from error


def _reason(failure: FmnistError) -> dict[str, Any]:
    """A failure as JSON: a loss that is not a number becomes the text 'nan'."""
    values = {
        key: value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else str(value)
        for key, value in failure.values.items()
    }
    return {"template": failure.template, "values": values}
