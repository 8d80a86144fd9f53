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

# The system tells its own start in whole seconds, and may round it up once and down the next time.
TOLERANCE_SECONDS = 1.5


@dataclass(frozen=True)
class Presence:
    """One process that beats in the store."""

    id: str
    kind: Kind
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


def this_process(kind: Kind) -> Presence:
    """A new presence for the process that calls."""
    return Presence(uuid.uuid4().hex, kind, platform.node(), os.getpid(), _started(psutil.Process()))


def _started(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()
