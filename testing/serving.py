"""The real server in a process of its own, with a store of its own: what `streamlit run streamlit_app.py` starts."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from fmnist.runs.record import Run
from fmnist.runs.store import Store
from fmnist.system import subprocesses

PROJECT = Path(__file__).parents[1]

# Ample for a busy machine; latencies are measured in benchmarks/.
START_TIMEOUT = 100.0


class Server:
    """A Streamlit server. Raises RuntimeError with its own words when it does not come up or does not go.

    `folder` holds its store and its log; a server that is started again goes on with both.
    """

    def __init__(self, folder: Path, app: Path = PROJECT / "streamlit_app.py", port: int | None = None) -> None:
        self.database = folder / "runs.sqlite3"
        self._app, self._log = app, folder / f"{app.stem}.log"
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._store: Store | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        assert self._process is not None
        return self._process.pid

    @property
    def store(self) -> Store:
        """The server's run store, opened at the first use."""
        if self._store is None:
            self._store = Store(self.database_url)
        return self._store

    @property
    def database_url(self) -> str:
        """The value of FMNIST_DATABASE_URL for this server."""
        return f"sqlite:///{self.database}"

    @property
    def run(self) -> Run:
        """The newest run."""
        return self.store.runs()[0]

    @property
    def log(self) -> str:
        """Return the server's terminal output."""
        return self._log.read_text()

    def command(self) -> list[str]:
        """Return the README's command, with a port of its own and without a browser window."""
        port = str(self.port)
        return subprocesses.command(
            "streamlit", "run", str(self._app), "--server.headless", "true", "--server.port", port
        )

    def environment(self) -> dict[str, str]:
        """The environment of this process with the server's own store and none of a person's settings but the data."""
        kept = {name: value for name, value in os.environ.items() if name != "FMNIST_WORKERS"}
        # The app may lie in another folder of the project.
        return {**kept, "FMNIST_DATABASE_URL": self.database_url, "PYTHONPATH": str(PROJECT)}

    def train(self, *settings: str) -> None:
        """Train a run in a terminal, before or while the server is there."""
        command = subprocesses.command("fmnist", "train", *settings)
        subprocess.run(command, cwd=PROJECT, env=self.environment(), check=True, stdout=subprocess.DEVNULL)

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=PROJECT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.spawn()
        wait_for(self._answers, f"{self._app.name} on port {self.port}")

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"The server ended with exit code {self._process.returncode}:\n{self.log}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/_stcore/health") as answer:
            return answer.status == 200
        return False

    def processes(self) -> list[psutil.Process]:
        """The server, its children, and every worker of its store."""
        server = [psutil.Process(self.pid)] if psutil.pid_exists(self.pid) else []
        children = [child for process in server for child in process.children(recursive=True)]
        return list({*server, *children, *self.workers()})

    def workers(self) -> list[psutil.Process]:
        """The workers of its store that are alive."""
        alive = [process.pid for process in self.store.leases.living() if process.kind == "worker"]
        return [psutil.Process(pid) for pid in alive if psutil.pid_exists(pid)]

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait for the server alone."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(START_TIMEOUT)

    def close(self) -> None:
        """Press Ctrl-C and wait until the local worker has gone too, as it does by itself."""
        try:
            self.interrupt()
            if self.database.exists():
                wait_for(lambda: not self.workers(), "the worker's end")
        finally:
            if self._store is not None:
                self._store.close()
                self._store = None


def wait_for(happened: Callable[[], object], what: str, seconds: float = START_TIMEOUT) -> None:
    """Wait; raises RuntimeError when it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise RuntimeError(f"Waited {seconds:g} s in vain for {what}.")
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]
