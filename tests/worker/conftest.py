"""Worker processes of a test's own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fmnist.runs.record import Run
from fmnist.runs.store import Store

PROJECT = Path(__file__).parents[2]


class Started:
    """Processes of one test, with what they wrote to stderr."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen] = []

    def __call__(self, *arguments: str) -> subprocess.Popen:
        with (self._folder / f"log-{len(self._processes)}").open("wb") as log:
            process = subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, stderr=log, stdin=subprocess.PIPE)
        self._processes.append(process)
        return process

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self._folder.glob("log-*")))

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.fixture
def start(tmp_path: Path, settings) -> Iterator[Started]:
    started = Started(tmp_path)
    yield started
    started.end()


@pytest.fixture
def look(store: Store) -> Callable[[str], Run]:
    return store.run


def in_the_middle_of_an_epoch(run: Run, after: int = 1) -> bool:
    return run.progress is not None and run.progress.epoch > after and run.progress.batch < run.progress.batches
