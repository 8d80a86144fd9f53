"""The routes over which the data files are fetched: two public mirrors, then the system's package archive.

A route takes the archives wanted, as {name: most bytes}, and yields each name with its bytes, unchecked.
It fails with OSError or HTTPException.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from pathlib import Path
from threading import Thread
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.request import urlopen

MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
)
# Seconds without an answer after which the next route is tried.
ROUTE_TIMEOUT = 10.0
CHUNK = 256 * 1024

PACKAGE = "dataset-fashion-mnist"
# About; it differs by a few bytes from one release of Debian or Ubuntu to the next.
PACKAGE_BYTES = 30_900_000
PACKAGE_FOLDER = Path("usr/share/datasets/fashion-mnist")
# What lists, package and unpacked files take until they are removed again; 107 MB were measured on Debian 12.
WORKSPACE_BYTES = 150_000_000
# Of all apt-get commands together: the package lists are up to 30 MB on top of the package.
APT_TIMEOUT = 600.0


@dataclass(frozen=True)
class DownloadProgress:
    """Bytes fetched of a file, of bytes in all, None where that is unknown."""

    route: str
    file: str
    done: int
    total: int | None


Report = Callable[[DownloadProgress], None]
Route = Callable[[Mapping[str, int]], Iterator[tuple[str, bytes]]]


def download_routes(folder: Path, report: Report) -> Iterator[tuple[str, Route]]:
    """Yield every route with its name, the quickest first; `folder` may be used for temporary files."""
    for mirror in MIRRORS:
        yield mirror, partial(_from_mirror, mirror, report)
    yield "apt-get", partial(_from_apt, folder, report)


def _from_mirror(mirror: str, report: Report, wanted: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    for archive, most in wanted.items():
        with _open(mirror + archive) as response:
            length = response.headers.get("Content-Length", "")
            total = int(length) if length.isdecimal() else None
            content = bytearray()
            # No gzip file here is larger than its content, so an endless answer ends there.
            while len(content) < most and (chunk := response.read(CHUNK)):
                content += chunk
                report(DownloadProgress(mirror, archive, len(content), total))
        yield archive, bytes(content)


def _open(url: str) -> HTTPResponse:
    """Open the URL within ROUTE_TIMEOUT in all: urlopen by itself would wait so long for each address of the host."""
    answer: Future[HTTPResponse] = Future()

    def ask() -> None:
        try:
            answer.set_result(urlopen(url, timeout=ROUTE_TIMEOUT))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    try:
        return answer.result(ROUTE_TIMEOUT)
    except HTTPError as refusal:
        refusal.close()
        raise
    except TimeoutError:
        raise TimeoutError(f"no answer within {ROUTE_TIMEOUT:g} seconds") from None


def _from_apt(folder: Path, report: Report, wanted: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """Download the system's package and unpack it without installing it: needs no root, touches none of apt's state."""
    if not shutil.which("apt-get"):
        raise FileNotFoundError("this system has none")
    for left_behind in folder.glob("apt-*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    # On a full disk apt-get sometimes waits for ever instead of failing.
    if (free := shutil.disk_usage(folder).free) < WORKSPACE_BYTES:
        needed, free = WORKSPACE_BYTES // 1_000_000, free // 1_000_000
        raise OSError(f"it needs {needed:,} MB in {folder} for a moment, and {free:,} MB are free; free some space")
    with tempfile.TemporaryDirectory(prefix="apt-", dir=folder, ignore_cleanup_errors=True) as name:
        workspace = Path(name)
        for expected in ("lists/partial", "cache/archives/partial"):
            (workspace / expected).mkdir(parents=True)
        log = workspace / "log"
        with log.open("wb") as output, _apt(workspace, output) as process:
            try:
                while process.poll() is None:
                    time.sleep(0.1)
                    done = sum(package.stat().st_size for package in workspace.glob("*.deb"))
                    report(DownloadProgress("apt-get", PACKAGE, min(done, PACKAGE_BYTES), PACKAGE_BYTES))
            finally:
                process.terminate()
        if process.returncode:
            complaint = " ".join(log.read_text(errors="replace").splitlines()[-5:])
            raise ChildProcessError(complaint or f"exit code {process.returncode}")
        for archive in wanted:
            yield archive, (workspace / PACKAGE_FOLDER / archive).read_bytes()


def _apt(workspace: Path, output: BinaryIO) -> subprocess.Popen[bytes]:
    # A source that cannot be updated does not matter as long as another one has the package.
    script = f'apt-get "$@" update; apt-get "$@" download {PACKAGE} && dpkg-deb -x ./*.deb .'
    options = [
        "--quiet=2",
        f"-oDir::State::Lists={workspace}/lists",
        f"-oDir::Cache={workspace}/cache",
        # Root's apt-get would hand the download to the user _apt, who cannot write here.
        "-oAPT::Sandbox::User=root",
        "-oAcquire::Languages=none",
        f"-oAcquire::http::Timeout={ROUTE_TIMEOUT:.0f}",
    ]
    return subprocess.Popen(
        ["timeout", f"{APT_TIMEOUT:.0f}", "sh", "-c", script, "sh", *options],
        cwd=workspace,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
