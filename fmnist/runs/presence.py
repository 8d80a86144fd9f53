"""Who is here: the processes that ask for runs and those that train them."""

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

# A process on another machine is taken for dead after this many seconds without a beat; they beat every second.
SILENCE_SECONDS = 20.0

# The system tells its own start in whole seconds, and may round it up once and down the next time.
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
        """Whether the process still runs; on this machine the system is asked, elsewhere its beats decide."""
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
    """The store's part for processes: every method is one transaction, and all raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Presence]:
        """Every process that has not said goodbye, alive or not."""
        with self._database.reading() as connection:
            rows = connection.execute(select(processes, (now(connection) - processes.c.beat_at).label("silence")))
            return [Presence(r.id, r.kind, r.host, r.pid, r.started, r.silence) for r in rows]

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
            forget(connection, [presence.id])


def forget(connection: Connection, presences: list[str]) -> None:
    """Delete the processes with these ids, which went or died."""
    connection.execute(delete(processes).where(processes.c.id.in_(presences)))


def this_process(kind: ProcessKind) -> Presence:
    """A new presence for the process that calls."""
    return Presence(uuid.uuid4().hex, kind, platform.node(), os.getpid(), _started(psutil.Process()))


def _started(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()
