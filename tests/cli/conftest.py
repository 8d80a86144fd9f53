"""A store of the test's own, runs in it that are as if trained, and ways to run a command."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest
from click.testing import CliRunner, Result

import fmnist
from fmnist.__main__ import main
from fmnist.architecture import WEIGHT_SHAPES
from fmnist.data.dataset import Dataset, load_dataset
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim, Run, Status
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.types import EpochMetrics
from tests.conftest import claim, wait_until

PROJECT = Path(fmnist.__file__).parents[1]
WEIGHTS = {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return load_dataset(Settings.from_environment())


@pytest.fixture(autouse=True)
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/runs.sqlite3"
    monkeypatch.setenv("FMNIST_DATABASE_URL", url)
    monkeypatch.delenv("FMNIST_WORKERS", raising=False)
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(Store(database_url)) as opened:
        yield opened


@pytest.fixture
def command() -> Callable[..., Result]:
    """Run a command in this process; a failure that it does not handle fails the test."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="python -m fmnist")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def certain_logits(dataset: Dataset, wrong: int = 0) -> np.ndarray:
    """Logits that are 6 for the true class and 0 elsewhere; the first `wrong` images are taken for the next class."""
    predicted = dataset.test.labels.astype(int)
    predicted[:wrong] = (predicted[:wrong] + 1) % 10
    return (6 * np.eye(10)[predicted]).astype(np.float16)


def record_epoch(store: Store, run_id: str, number: int, logits: np.ndarray) -> None:
    """Store an epoch as the worker 'w' would."""
    numbers = EpochMetrics(number, 0.5 / number, 0.8, 0.4 / number, 0.8 + number / 100, 0.7 + number / 100, 10.0)
    store.record_epoch(Claim(run_id, "training", "w"), numbers, WEIGHTS, logits, {})


@pytest.fixture
def trained(store: Store, dataset: Dataset) -> Callable[..., Run]:
    """Store a run that has ended, with 1,000 mistakes less after each epoch, the last one having none."""

    def add(epochs: int = 3, status: Status = "succeeded", recipe: Recipe | None = None) -> Run:
        run = store.submit(recipe or Recipe(epochs=3), "page")
        claim(store, run.id, "w")
        for number in range(1, epochs + 1):
            record_epoch(store, run.id, number, certain_logits(dataset, wrong=1000 * (epochs - number)))
        store.jobs.finish(Claim(run.id, "training", "w"), status)
        return store.run(run.id)

    return add


@pytest.fixture
def as_worker(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Train the next submitted run as a worker would, in a thread beside the command."""
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    # A command sees that a worker is there; this process is.
    lease = store.leases.lease("worker", "w")
    lease.keep()
    threads: list[threading.Thread] = []

    def begin(work: Callable[[Run], None]) -> None:
        def attend() -> None:
            wait_until(lambda: any(run.status == "queued" for run in store.runs()))
            run = store.runs()[0]
            claim(store, run.id, "w")
            work(run)

        threads.append(threading.Thread(target=attend))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join()
    lease.close()


@pytest.fixture
def start(database_url: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command as a process of its own; it and its worker are gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, program: tuple[str, ...] = ("-m", "fmnist"), **environment: str):
        process = subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()
    for worker in workers(database_url):
        worker.kill()


def workers(database_url: str) -> list[psutil.Process]:
    """The worker processes of that store."""
    found = []
    for process in psutil.process_iter():
        try:
            if "worker" in process.cmdline() and process.environ().get("FMNIST_DATABASE_URL") == database_url:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found
