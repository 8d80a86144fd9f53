"""The run store: the one truth about every run, in a SQLite file or in PostgreSQL."""

import math
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save
from sqlalchemy import ColumnElement, Connection, Row, Update, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fmnist.errors import FmnistError, RunConflict, StoreUnavailable, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.presence import Presence
from fmnist.runs.record import EpochRecord, Failure, Origin, Progress, Run, Status, checked_id
from fmnist.runs.schema import arrays, artifacts, epochs, now, open_engine, optimizers, processes, runs

Weights = dict[str, np.ndarray]

# A run that took its worker down this often without finishing an epoch is not tried again.
MOST_ATTEMPTS = 3

_ACTIVE = select(runs.c.queued_order).where(runs.c.status.in_(("queued", "running")))


class Store:
    """Every method is one transaction. All raise StoreUnavailable when the database cannot do its work."""

    def __init__(self, database_url: str) -> None:
        """Open the store and make its tables where there are none."""
        self._url = database_url
        with self._translated():
            self._engine = open_engine(database_url)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, SafetensorError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StoreUnavailable(
                "The run store {url} cannot be used: {reason}. Free space, allow writing, or name another store with "
                "FMNIST_DATABASE_URL; what was stored before is unharmed.",
                url=self._url.split("@")[-1],
                reason=str(reason).strip() or type(reason).__name__,
            ) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._translated(), self._engine.execution_options(writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    # Reading

    def runs(self) -> list[Run]:
        """Every run, the newest first."""
        with self._reading() as connection:
            return self._read(connection)

    def run(self, run_id: str) -> Run:
        """One run as it is now. Raises UnknownRun."""
        with self._reading() as connection:
            return self._one(connection, run_id)

    def has_active_runs(self) -> bool:
        """Whether any run waits or trains."""
        with self._reading() as connection:
            return connection.scalar(select(_ACTIVE.exists())) or False

    def logits(self, run_id: str, epoch: int) -> np.ndarray:
        """The test set's logits after that epoch, float16 (10,000, 10), read-only. Raises UnknownRun."""
        return np.frombuffer(self._blob(run_id, epoch, "test_logits"), np.float16).reshape(-1, 10)

    def weights(self, run_id: str, epoch: int) -> Weights:
        """The network after that epoch as named float32 arrays. Raises UnknownRun."""
        return load(self._blob(run_id, epoch, "weights"))

    def optimizer(self, run_id: str) -> Weights:
        """The optimizer's state after the last finished epoch, empty when there is none."""
        with self._reading() as connection:
            state = connection.scalar(select(optimizers.c.state).where(optimizers.c.run == checked_id(run_id)))
        return load(state) if state is not None else {}

    def artifact(self, run_id: str, name: str) -> bytes | None:
        """A file of the trained network, None until the run has ended with one."""
        matches = (artifacts.c.run == checked_id(run_id)) & (artifacts.c.name == name)
        with self._reading() as connection:
            return connection.scalar(select(artifacts.c.content).where(matches))

    def presences(self) -> list[Presence]:
        """Every process that has not said goodbye, alive or not."""
        with self._reading() as connection:
            rows = connection.execute(select(processes, (now(connection) - processes.c.beat_at).label("silence")))
            return [Presence(r.id, r.kind, r.host, r.pid, r.started, r.silence) for r in rows]

    def _blob(self, run_id: str, epoch: int, column: str) -> bytes:
        matches = (arrays.c.run == checked_id(run_id)) & (arrays.c.epoch == epoch)
        with self._reading() as connection:
            blob = connection.scalar(select(arrays.c[column]).where(matches))
        if blob is None:
            raise UnknownRun("The run has no finished epoch {epoch}.", epoch=epoch)
        return blob

    def _one(self, connection: Connection, run_id: str) -> Run:
        found = self._read(connection, runs.c.id == checked_id(run_id))
        if not found:
            raise UnknownRun("There is no run {run_id}; it may have been deleted.", run_id=run_id)
        return found[0]

    def _read(self, connection: Connection, condition: ColumnElement[bool] | None = None) -> list[Run]:
        which = select(runs).order_by(runs.c.number.desc())
        numbers = select(epochs).order_by(epochs.c.epoch)
        if condition is not None:
            which, numbers = which.where(condition), numbers.join(runs).where(condition)
        rows = connection.execute(which).all()
        finished: dict[str, list[EpochRecord]] = defaultdict(list)
        for row in connection.execute(numbers).mappings():
            finished[row["run"]].append(EpochRecord(**{key: row[key] for key in EpochRecord.__dataclass_fields__}))
        orders = connection.scalars(_ACTIVE).all() if any(row.status == "queued" for row in rows) else []
        return [_run(row, tuple(finished[row.id]), orders) for row in rows]

    # Asking

    def add(self, recipe: Recipe, origin: Origin) -> Run:
        """Record a new run that waits."""
        run_id = uuid.uuid4().hex
        with self._writing() as connection:
            connection.execute(
                insert(runs).values(
                    id=run_id,
                    recipe=recipe.to_json(),
                    target_epochs=recipe.epochs,
                    status="queued",
                    origin=origin,
                    created_at=time.time(),
                    queued_order=_next_order(connection),
                )
            )
            return self._one(connection, run_id)

    def extend(self, run_id: str, target_epochs: int) -> Run:
        """Let a finished run wait for more epochs. Raises UnknownRun, RunConflict."""
        with self._writing() as connection:
            self._one(connection, run_id)
            change = _change(run_id, "succeeded", "stopped").values(
                status="queued", target_epochs=target_epochs, stop_requested=False, queued_order=_next_order(connection)
            )
            if not connection.execute(change).rowcount:
                raise RunConflict("Only a run that succeeded or was stopped can train more epochs.")
            return self._one(connection, run_id)

    def request_stop(self, run_id: str) -> Run:
        """Ask an active run to end; one that has trained nothing ends at once. Raises UnknownRun."""
        with self._writing() as connection:
            run = self._one(connection, run_id)
            if run.status == "queued" and not run.epochs:
                connection.execute(_change(run_id, "queued").values(status="stopped"))
            elif run.active:
                connection.execute(_change(run_id, "queued", "running").values(stop_requested=True))
            return self._one(connection, run_id)

    def delete(self, run_id: str) -> None:
        """Forget a run and all its arrays. Raises UnknownRun, and RunConflict while it trains."""
        with self._writing() as connection:
            if self._one(connection, run_id).status == "running":
                raise RunConflict("The run is training; stop it before you delete it.")
            connection.execute(delete(runs).where(runs.c.id == run_id))

    # Training

    def claim(self, run_id: str, worker: str, environment: dict[str, Any]) -> bool:
        """Take a waiting run; of all who try at once, one wins."""
        change = _change(run_id, "queued").values(
            status="running", worker=worker, environment=environment, attempts=runs.c.attempts + 1
        )
        with self._writing() as connection:
            return connection.execute(change).rowcount == 1

    def record_progress(self, run_id: str, worker: str, progress: Progress) -> bool:
        """Say where the run stands, and hear whether it shall stop. Raises RunConflict when it is another's."""
        with self._writing() as connection:
            _own(connection, run_id, worker, progress=asdict(progress))
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
        with self._writing() as connection:
            _own(connection, run_id, worker, attempts=0)
            connection.execute(insert(epochs).values(run=run_id, **asdict(record)))
            logits = test_logits.astype(np.float16).tobytes()
            connection.execute(
                insert(arrays).values(run=run_id, epoch=record.epoch, weights=save(weights), test_logits=logits)
            )
            connection.execute(delete(optimizers).where(optimizers.c.run == run_id))
            connection.execute(insert(optimizers).values(run=run_id, epoch=record.epoch, state=save(optimizer)))

    def finish(
        self,
        run_id: str,
        worker: str,
        status: Status,
        files: dict[str, bytes] | None = None,
        failure: FmnistError | None = None,
    ) -> None:
        """End a run with its files. Raises RunConflict when the run is no longer this worker's."""
        reason = {"template": failure.template, "values": _plain(failure.values)} if failure else None
        with self._writing() as connection:
            _own(connection, run_id, worker, status=status, progress=None, failure=reason, stop_requested=False)
            if files:
                connection.execute(delete(artifacts).where(artifacts.c.run == run_id))
                rows = [{"run": run_id, "name": name, "content": content} for name, content in files.items()]
                connection.execute(insert(artifacts), rows)

    def release(self, run_id: str, worker: str) -> None:
        """Put a run back among those that wait. Raises RunConflict when the run is no longer this worker's."""
        with self._writing() as connection:
            _own(connection, run_id, worker, status="queued", progress=None, worker=None, attempts=0)

    def reap(self) -> None:
        """Put back the runs whose worker died, give up those that it dies of, forget the processes that died."""
        dead = [presence.id for presence in self.presences() if not presence.alive]
        with self._writing() as connection:
            connection.execute(delete(processes).where(processes.c.id.in_(dead)))
            lost = (runs.c.status == "running") & runs.c.worker.not_in(select(processes.c.id))
            back = update(runs).where(lost).values(progress=None, worker=None, revision=runs.c.revision + 1)
            template = "The worker died {times} times in the same epoch; it may lack memory. Try a smaller batch."
            failure = {"template": template, "values": {"times": MOST_ATTEMPTS}}
            hopeless = back.where(runs.c.attempts >= MOST_ATTEMPTS).values(status="failed", failure=failure)
            connection.execute(hopeless)
            connection.execute(back.values(status="queued"))

    # Presence

    def beat(self, presence: Presence) -> None:
        """Say that a process is here."""
        values = {"kind": presence.kind, "host": presence.host, "pid": presence.pid, "started": presence.started}
        with self._writing() as connection:
            beat = update(processes).where(processes.c.id == presence.id).values(beat_at=now(connection))
            if not connection.execute(beat).rowcount:
                connection.execute(insert(processes).values(id=presence.id, beat_at=now(connection), **values))

    def leave(self, presence: Presence) -> None:
        """Say that a process goes."""
        with self._writing() as connection:
            connection.execute(delete(processes).where(processes.c.id == presence.id))


def _run(row: Row[Any], finished: tuple[EpochRecord, ...], active_orders: list[int]) -> Run:
    return Run(
        id=row.id,
        number=row.number,
        recipe=Recipe.from_json(row.recipe),
        target_epochs=row.target_epochs,
        status=row.status,
        origin=row.origin,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        stop_requested=row.stop_requested,
        runs_ahead=sum(order < row.queued_order for order in active_orders) if row.status == "queued" else None,
        progress=Progress(**row.progress) if row.progress else None,
        failure=Failure(**row.failure) if row.failure else None,
        environment=row.environment,
        epochs=finished,
        revision=row.revision,
    )


def _next_order(connection: Connection) -> int:
    return (connection.scalar(select(func.max(runs.c.queued_order))) or 0) + 1


def _change(run_id: str, *statuses: Status) -> Update:
    matches = (runs.c.id == run_id) & runs.c.status.in_(statuses)
    return update(runs).where(matches).values(revision=runs.c.revision + 1)


def _own(connection: Connection, run_id: str, worker: str, **values: Any) -> None:
    """Change a run that this worker trains; a worker that was taken for dead must not write over its successor."""
    change = _change(run_id, "running").where(runs.c.worker == worker).values(**values)
    if not connection.execute(change).rowcount:
        raise RunConflict("The run {run_id} is no longer this worker's.", run_id=run_id)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON can hold: a loss that is not a number becomes the text 'nan'."""
    return {
        key: value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else str(value)
        for key, value in values.items()
    }
