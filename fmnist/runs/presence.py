"""The processes of the store: servers, commands and workers, with their heartbeats."""

import os
import platform
import uuid
from dataclasses import dataclass
from typing import Literal

import psutil
from sqlalchemy import Connection, delete, insert, select, update

from fmnist.runs.database import Database, now
from fmnist.runs.schema import processes

ProcessKind = Literal["server", "command", "worker"]

# Seconds without a beat after which a process on another machine counts as dead; they beat every second.
SILENCE_SECONDS = 20.0

# The system reports its own start in whole seconds, rounded up once and down the next time.
TOLERANCE_SECONDS = 1.5


@dataclass(frozen=True)
class Presence:
    """One process that beats in the store."""

    id: str
    kind: ProcessKind
    host: str
    pid: int
    # Seconds from the machine's start to the process's, which no change of the clock moves: with the pid it names one
    # process, though pids are used again.
    started: float
    # Seconds since the last beat by the database's clock.
    silence: float = 0.0

    @property
    def alive(self) -> bool:
        """Return whether the process runs: by the system on this machine, by its beats elsewhere."""
        if self.host != platform.node():
            return self.silence < SILENCE_SECONDS
        try:
            process = psutil.Process(self.pid)
            is_same = abs(_started(process) - self.started) < TOLERANCE_SECONDS
            return is_same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.AccessDenied:  # another user's, so at least it is there
            return True
        except psutil.NoSuchProcess:
            return False


class Presences:
    """The processes in the store. Every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Presence]:
        """Return every process that has not left, alive or not."""
        with self._database.reading() as connection:
            rows = connection.execute(select(processes, (now(connection) - processes.c.beat_at).label("silence")))
            return [Presence(r.id, r.kind, r.host, r.pid, r.started, r.silence) for r in rows]

    def beat(self, presence: Presence) -> None:
        """Record a beat of a process."""
        values = {"kind": presence.kind, "host": presence.host, "pid": presence.pid, "started": presence.started}
        with self._database.writing() as connection:
            beat = update(processes).where(processes.c.id == presence.id).values(beat_at=now(connection))
            if not connection.execute(beat).rowcount:
                connection.execute(insert(processes).values(id=presence.id, beat_at=now(connection), **values))

    def leave(self, presence: Presence) -> None:
        """Remove a process that ends."""
        with self._database.writing() as connection:
            forget(connection, [presence.id])


def forget(connection: Connection, presences: list[str]) -> None:
    """Delete the processes with these ids, which left or died."""
    connection.execute(delete(processes).where(processes.c.id.in_(presences)))


def this_process(kind: ProcessKind) -> Presence:
    """Return a new presence for the calling process."""
    return Presence(uuid.uuid4().hex, kind, platform.node(), os.getpid(), _started(psutil.Process()))


def _started(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()
