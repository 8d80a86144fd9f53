"""The real files, and mirrors on this machine that serve them well or badly."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fmnist.data import routes, sources
from fmnist.data.dataset import Dataset, load_dataset
from fmnist.settings import Settings


class Mirror(ThreadingHTTPServer):
    """Serves `archives`; `requests` are the names asked for. `send` writes the body and may be replaced."""

    def __init__(self, archives: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), MirrorHandler)
        self.archives = dict(archives)
        self.requests: list[str] = []
        self.send: Callable[[str, bytes, Callable[[bytes], object]], object] = lambda name, body, write: write(body)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is part of the tests."""


class MirrorHandler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.requests.append(name)
        if name not in self.server.archives:
            self.send_error(404)
            return
        body = self.server.archives[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.send(name, body, self.wfile.write)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def archives() -> dict[str, bytes]:
    """The four real archives by name; fetched over the real routes when this machine lacks them."""
    settings = Settings.from_environment()
    return {file.archive: sources.load_file(file, settings).path.read_bytes() for file in sources.FILES}


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return load_dataset(Settings.from_environment())


@pytest.fixture
def empty(tmp_path: Path, archives, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine without data, without apt-get and without a mirror."""
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(routes, "MIRRORS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    return Settings(data_dir=None, cache_dir=tmp_path / "cache", database_url="", external_workers=False)


@pytest.fixture
def start_mirror(archives, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Mirror]]:
    """Start one more mirror, the last in the order in which they are asked."""
    mirrors: list[Mirror] = []

    def start() -> Mirror:
        mirror = Mirror(archives)
        mirrors.append(mirror)
        threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setattr(routes, "MIRRORS", tuple(mirror.url for mirror in mirrors))
        return mirror

    yield start
    for mirror in mirrors:
        mirror.shutdown()
        mirror.server_close()


@pytest.fixture
def mirror(empty, start_mirror) -> Mirror:
    return start_mirror()


@pytest.fixture
def start_process(empty: Settings) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python process with the same cache and mirrors, which loads the data after `first` has run."""
    processes: list[subprocess.Popen[str]] = []

    def start(first: str = "") -> subprocess.Popen[str]:
        script = f"""
from pathlib import Path
from fmnist.data import dataset, routes, sources
from fmnist.errors import DataUnavailable
from fmnist.settings import Settings

sources.SYSTEM_FOLDER = Path({str(sources.SYSTEM_FOLDER)!r})
routes.MIRRORS = {routes.MIRRORS!r}
{first}
try:
    data = dataset.load_dataset(Settings(None, Path({str(empty.cache_dir)!r}), "", False))
    print(int(data.train.images.sum()), int(data.test.images.sum()))
except DataUnavailable as error:
    print(error)
"""
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONPATH": str(Path(sources.__file__).parents[2])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
