"""A page's reads and a worker's claim cost the same with ten and with a thousand stored runs, in steps of SQLite."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, insert

from fmnist.recipe import Recipe
from fmnist.runs.record import Run
from fmnist.runs.schema import epochs, jobs, runs
from fmnist.runs.store import Store
from tests.conftest import epoch_like_real

STEP = 10


def add_ended(store: Store, count: int) -> None:
    """Insert runs of ten epochs each, with their jobs, at once."""
    ids = [f"{number:032x}" for number in range(1, count + 1)]
    numbers = [vars(epoch_like_real(epoch)) for epoch in range(1, 11)]
    with store._database.writing() as connection:
        run = {"recipe": Recipe().to_json(), "target_epochs": 10, "origin": "page", "created_at": 0.0}
        connection.execute(insert(runs), [run | {"id": run_id} for run_id in ids])
        names = ("training", "embeddings", "pca")
        job = {"status": "succeeded", "position": 1}
        connection.execute(insert(jobs), [job | {"run": run_id, "name": name} for run_id in ids for name in names])
        connection.execute(insert(epochs), [number | {"run": run_id} for run_id in ids for number in numbers])


@contextmanager
def counting(store: Store) -> Iterator[list[int]]:
    """Count the steps of SQLite's machine, in tens, on every connection of the store."""
    steps: list[int] = []

    def watch(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(lambda: steps.append(1), STEP)

    engine = store._database._engine
    engine.dispose()
    event.listen(engine, "connect", watch)
    yield steps
    event.remove(engine, "connect", watch)
    engine.dispose()


def costs(folder: Path, act: Callable[[Store, Run], object]) -> list[int]:
    """Return what an act costs with sixty and with a thousand runs."""
    found = []
    for count in (60, 1_000):
        with closing(Store(f"sqlite:///{folder / str(count)}")) as store:
            add_ended(store, count)
            run = store.submit(Recipe(), "page")
            with counting(store) as steps:
                act(store, run)
            found.append(len(steps))
    return found


@pytest.mark.parametrize(
    "act",
    [
        lambda store, run: store.runs(50),
        lambda store, run: store.damaged_runs(50),
        lambda store, run: store.run(run.id),
        lambda store, run: store.run_by_number(run.number),
        lambda store, run: store.newest_trained(),
        lambda store, run: store.jobs.any_active(),
        lambda store, run: store.jobs.claim("worker", {}),
        lambda store, run: store.jobs.state(run.id, "pca"),
        lambda store, run: store.leases.reap(),
        lambda store, run: store.start_failures.current(),
        lambda store, run: store.submit(Recipe(), "page"),
    ],
)
def test_it_costs_the_same_with_many_runs(tmp_path, act):
    few, many = costs(tmp_path, act)

    assert many <= 1.3 * few + 5


def test_a_list_of_all_runs_does_not(tmp_path):
    few, many = costs(tmp_path, lambda store, _run: store.runs())

    assert many > 10 * few > 1_000
