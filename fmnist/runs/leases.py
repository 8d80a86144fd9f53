"""The processes of the store, each with a lock that says that it lives, and the jobs of those that do not."""

import os
import platform
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Connection, delete, exists, false, insert, or_, select

from fmnist.errors import StoreUnavailable
from fmnist.runs.database import Database
from fmnist.runs.jobs import matches, requeue_stale
from fmnist.runs.locks import locks_of
from fmnist.runs.schema import jobs, processes

ProcessKind = Literal["server", "command", "worker"]

# A job whose worker holds its lock and writes nothing for so long is requeued: it may be stopped, or its disk hangs.
STALL_SECONDS = 60.0


@dataclass(frozen=True)
class Process:
    """A process of the store. Host and number are for a person: another container may have both."""

    id: str
    kind: ProcessKind
    host: str
    pid: int


class Lease:
    """The lock of this process and its row in the store; `keep` takes both."""

    def __init__(self, database: Database, kind: ProcessKind, process_id: str | None = None) -> None:
        self.process = Process(process_id or uuid.uuid4().hex, kind, platform.node(), os.getpid())
        self._database = database
        self._lock = locks_of(database).lock(self.process.id)

    def keep(self) -> None:
        """Hold the lock and the row, anew where the store was replaced. Raises StoreUnavailable."""
        with self._database.errors():
            self._lock.keep()
        own = processes.c.id == self.process.id
        with self._database.reading() as connection:
            if connection.scalar(select(exists().where(own))):
                return
        with self._database.writing() as connection:
            connection.execute(insert(processes).values(asdict(self.process)))

    def close(self) -> None:
        """Remove the row and free the lock."""
        with suppress(StoreUnavailable), self._database.writing() as connection:  # another process finds the lock free
            connection.execute(delete(processes).where(processes.c.id == self.process.id))
        self._lock.close()


class Leases:
    """The processes in the store. All methods raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._locks = locks_of(database)
        # The number of writes of each running job, and when it was first seen.
        self._writes: dict[tuple[str, str, str, int], float] = {}

    def lease(self, kind: ProcessKind, process_id: str | None = None) -> Lease:
        """Return a lease for this process, with an id of its own."""
        return Lease(self._database, kind, process_id)

    def living(self) -> list[Process]:
        """Return the processes whose locks are held."""
        with self._database.reading() as connection:
            dead = self._dead(connection)
            return [process for process in _read(connection) if process not in dead]

    def reap(self, idle_worker: str | None = None) -> list[Process]:
        """Requeue the jobs of workers that died or stall, fail those with too many attempts; return the stalled.

        `idle_worker` is the id of the calling worker: the store's failures left jobs claimed by it.
        """
        lost = jobs.c.worker.not_in(select(processes.c.id)) | (jobs.c.worker == idle_worker)
        with self._database.reading() as connection:
            stalled = self._stalled(connection)
            found = stalled or self._dead(connection)
            if not found and not connection.scalar(select(exists().where(jobs.c.status == "running", lost))):
                return []
        with self._database.writing() as connection:
            dead = [process.id for process in self._dead(connection)]
            connection.execute(delete(processes).where(processes.c.id.in_(dead)))
            silent = [
                matches(run, name) & (jobs.c.worker == worker) & (jobs.c.writes == writes)
                for run, name, worker, writes in stalled
            ]
            requeue_stale(connection, or_(lost, *silent, false()))
            workers = {worker for _, _, worker, _ in stalled}
            found_stalled = [process for process in _read(connection) if process.id in workers]
        for each in dead:
            self._locks.forget(each)
        return found_stalled

    def _dead(self, connection: Connection) -> list[Process]:
        if not self._locks.are_settled(connection):
            return []
        return [process for process in _read(connection) if self._locks.is_free(connection, process.id)]

    def _stalled(self, connection: Connection) -> list[tuple[str, str, str, int]]:
        """Return the running jobs without a write for too long, by this process's clock."""
        now, running = time.monotonic(), select(*jobs.c["run", "name", "worker", "writes"])
        found = [
            (row.run, row.name, row.worker, row.writes)
            for row in connection.execute(running.where(jobs.c.status == "running"))
        ]
        self._writes = {each: self._writes.get(each, now) for each in found}
        return [each for each, since in self._writes.items() if now - since > STALL_SECONDS]


def _read(connection: Connection) -> list[Process]:
    return [Process(row.id, row.kind, row.host, row.pid) for row in connection.execute(select(processes))]
