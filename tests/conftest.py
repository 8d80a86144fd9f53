"""Shared fixtures: a store for each test, and runs that look like real ones."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.recipe import Recipe
from fmnist.runs import store
from fmnist.runs.desk import Desk
from fmnist.runs.record import Run, Status
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
    if all(item.get_closest_marker("thorough") for item in items):
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
        monkeypatch.setattr(store, "insert_seed", lambda connection: None)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'runs.sqlite3'}"


@pytest.fixture
def settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FMNIST_DATABASE_URL", database_url)
    monkeypatch.delenv("FMNIST_WORKERS", raising=False)
    return Settings.from_environment()


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    desk = Desk(settings)
    yield desk
    desk.close()


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
        store.record_epoch(run_id, worker, numbers, weights, logits, state, held_out)


@pytest.fixture
def train_epochs(desk: Desk) -> Callable[..., None]:
    """Record epochs in the test's own store: `train_epochs(run_id, 'worker', 1, 2)`."""
    return partial(record_epochs, desk.store)


@pytest.fixture
def compute(desk: Desk) -> Callable[..., None]:
    """Store the results of a run's requested jobs, as a worker does: `compute(run_id)`."""

    def compute(run_id: str) -> None:
        while name := desk.store.computations.claim(run_id, "worker"):
            desk.store.computations.finish(run_id, name, "worker", computed_like_real(name))

    return compute


@pytest.fixture
def run_with_epochs(desk: Desk, train_epochs: Callable[..., None]) -> Callable[..., Run]:
    """Make a run with finished epochs: `run_with_epochs(2)`, `run_with_epochs(2, status="stopped", epochs=5)`.

    A run in the status "running" is trained by the worker "worker".
    """

    def make(finished: int, *, status: Status = "succeeded", **settings) -> Run:
        run = desk.store.add(Recipe(**{"epochs": max(finished, 1)} | settings), "page")
        desk.store.claim(run.id, "worker", {"python": "3"})
        train_epochs(run.id, "worker", *range(1, finished + 1))
        if status != "running":
            desk.store.finish(run.id, "worker", status)
        return desk.store.run(run.id)

    return make


def wait_until(happened: Callable[[], object], seconds: float = 300.0) -> None:
    """Fail when something does not happen in a time that is ample for a busy machine."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
