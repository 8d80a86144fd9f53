"""Shared fixtures: a store for each test, and runs that look like real ones."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.recipe import Recipe
from fmnist.runs import store as store_module
from fmnist.runs.record import Claim, JobName, Run, Status
from fmnist.runs.schema import jobs
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.types import EpochMetrics

LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Begun last, what waits for browsers and workers would leave a core idle at the end.
    first = ["browser", "worker"]
    items.sort(key=lambda item: first.index(room) if (room := item.path.parent.name) in first else len(first))


def pytest_deselected(items: list[pytest.Item]) -> None:
    # pytest also tells of no items left out, when it runs the last failures.
    if items and all(item.get_closest_marker("thorough") for item in items):
        items[0].config.stash[LEFT_OUT] = len(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # xdist's processes tell the one that prints, which collects nothing itself.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.stats["deselected"] = [None] * left_out
        terminalreporter.write_line(f'{left_out} thorough tests left out; pytest -m "" runs them all')


@pytest.fixture
def project_run() -> None:
    """Let the test's stores contain the included run, as real ones do."""


@pytest.fixture(autouse=True)
def stores_without_the_projects_run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # Most tests are about runs of their own, and count them; to put it into hundreds of stores takes a minute, too.
    if "project_run" not in request.fixturenames and not request.node.get_closest_marker("browser"):
        monkeypatch.setattr(store_module, "insert_seed", lambda connection: None)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'runs.sqlite3'}"


@pytest.fixture
def settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FMNIST_DATABASE_URL", database_url)
    monkeypatch.delenv("FMNIST_WORKERS", raising=False)
    return Settings.from_environment()


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = Store(settings.database_url)
    yield store
    store.close()


def claim(
    store: Store, run_id: str, worker: str = "worker", environment: dict[str, Any] | None = None
) -> JobName | None:
    """Let a worker claim a run's training or first analysis, as if nothing else waited; return its name."""
    own = select(jobs.c.name).where(jobs.c.run == run_id, jobs.c.status == "queued")
    own = own.order_by(jobs.c.name != "training", jobs.c.position).limit(1)
    with store._database.writing() as connection:
        name = connection.scalar(own)
        if name is None:
            return None
        first = (jobs.c.run == run_id) & (jobs.c.name == name)
        connection.execute(update(jobs).where(first).values(position=-1))
    assert store.jobs.claim(worker, environment or {}) == Claim(run_id, name, worker)
    return name


def queue(store: Store) -> list[tuple[str, str]]:
    """Return the run and the name of every queued job, the first one first."""
    queued = select(jobs.c.run, jobs.c.name).where(jobs.c.status == "queued").order_by(jobs.c.position)
    with store._database.reading() as connection:
        return [(run, name) for run, name in connection.execute(queued)]


def weights_like_real(seed: int = 0) -> dict[str, np.ndarray]:
    """Return random weights."""
    random = np.random.default_rng(seed)
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in WEIGHT_SHAPES.items()}


def logits_like_real(seed: int = 0) -> np.ndarray:
    """Return random logits of the test set, float16 (10,000, 10)."""
    return np.random.default_rng(seed).normal(size=(10_000, 10)).astype(np.float16)


def held_out_logits_like_real(seed: int = 0) -> np.ndarray:
    """Return random logits of the held-out images, float16 (5,000, 10)."""
    return np.random.default_rng([seed, 1]).normal(size=(5_000, 10)).astype(np.float16)


def computed_like_real(name: str) -> dict[str, np.ndarray]:
    """Return a random result of a job."""
    random = np.random.default_rng(0)
    if name == "determinism":
        return {"sha256": np.tile(random.integers(0, 256, 32).astype(np.uint8), (2, 1))}
    if name in ("pca", "tsne"):
        points = random.normal(size=(10_000, 2)).astype(np.float32)
        if name == "tsne":
            return {"points": points}
        return {"points": points[::-1], "explained_variance_ratio": np.array([0.4, 0.2])}
    # Whole numbers: drawn in a fiftieth of the time.
    images = {"train": 60_000, "test": 10_000}
    return {split: random.integers(0, 9, (number, 54)).astype(np.float16) for split, number in images.items()}


def epoch_like_real(epoch: int) -> EpochMetrics:
    """Return metrics that improve with every epoch."""
    return EpochMetrics(
        epoch=epoch, loss=1 / (epoch + 1), accuracy=1 - 0.2 / epoch, val_loss=1.1 / (epoch + 1),
        val_accuracy=1 - 0.25 / epoch, test_accuracy=1 - 0.26 / epoch, seconds=1.5,
    )  # fmt: skip


def record_epochs(store: Store, run_id: str, worker: str, *epochs: int) -> None:
    """Record epochs of a run that `worker` has claimed, as a worker does."""
    validates_on_test = store.run(run_id).recipe.validation == "test"
    for epoch in epochs:
        held_out = None if validates_on_test else held_out_logits_like_real(epoch)
        state = {"adam/iteration": np.array(epoch)}
        numbers, weights, logits = epoch_like_real(epoch), weights_like_real(epoch), logits_like_real(epoch)
        store.record_epoch(Claim(run_id, "training", worker), numbers, weights, logits, state, held_out)


@pytest.fixture
def train_epochs(store: Store) -> Callable[..., None]:
    """Record epochs in the test's own store: `train_epochs(run_id, 'worker', 1, 2)`."""
    return partial(record_epochs, store)


@pytest.fixture
def compute(store: Store) -> Callable[..., None]:
    """Store the results of a run's requested jobs, as a worker does: `compute(run_id)`."""

    def compute(run_id: str) -> None:
        while name := claim(store, run_id):
            store.jobs.finish(Claim(run_id, name, "worker"), "succeeded", result=computed_like_real(name))

    return compute


@pytest.fixture
def run_with_epochs(store: Store, train_epochs: Callable[..., None]) -> Callable[..., Run]:
    """Make a run with finished epochs: `run_with_epochs(2)`, `run_with_epochs(2, status="stopped", epochs=5)`.

    A run in the status "running" is trained by the worker "worker".
    """

    def make(finished: int, *, status: Status = "succeeded", **settings) -> Run:
        run = store.submit(Recipe(**{"epochs": max(finished, 1)} | settings), "page")
        claim(store, run.id, "worker", {"python": "3"})
        train_epochs(run.id, "worker", *range(1, finished + 1))
        if status != "running":
            store.jobs.finish(Claim(run.id, "training", "worker"), status)
        return store.run(run.id)

    return make


def wait_until(happened: Callable[[], object], seconds: float = 300.0) -> None:
    """Fail when something does not happen in a time that is ample for a busy machine."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
