"""Who is here: the processes that ask for runs and those that train them."""

import os
import platform
import uuid
from dataclasses import dataclass
from typing import Literal

import psutil

Kind = Literal["server", "command", "worker"]

# A process on another machine is taken for dead after this many seconds without a beat; they beat every second.
SILENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Presence:
    """One process that beats in the store."""

    id: str
    kind: Kind
    host: str
    pid: int
    # Seconds since the epoch: with the pid it names one process, though pids are used again.
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
            return abs(process.create_time() - self.started) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def this_process(kind: Kind) -> Presence:
    """A new presence for the process that calls."""
    return Presence(uuid.uuid4().hex, kind, platform.node(), os.getpid(), psutil.Process().create_time())
