"""One server for all processes of a test session: each that started its own would train a run and compute anew."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from testing.serving import Server, wait_for

# Kept until this process ends: others may use a server longer than the process that started it.
_started: list[Server] = []


def session_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return a folder that all processes of the session find under this name."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def shared_server(folder: Path, prepare: Callable[[Server], object] = lambda _server: None) -> Iterator[Server]:
    """Yield the server of that folder: the first process prepares and starts it, the last one ends it."""
    address = folder / "address"
    with (folder / "users").open("w") as users:
        with FileLock(folder / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not address.exists():
                _start(Server(folder), prepare, address)
        port, pid = map(int, address.read_text().split())
        server = Server(folder, port=port)
        try:
            yield server
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                server.store.close()
            else:
                address.unlink()
                _end(psutil.Process(pid))
                server.close()


def _start(server: Server, prepare: Callable[[Server], object], address: Path) -> None:
    if not server.database.exists():
        prepare(server)
    server.start()
    _started.append(server)
    address.write_text(f"{server.port} {server.pid}")


def _end(process: psutil.Process) -> None:
    process.send_signal(signal.SIGINT)
    # Another process's child stays as a zombie until that one ends.
    wait_for(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, "the server's end")
