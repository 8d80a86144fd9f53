"""Many processes at one store: nothing is lost, nothing is done twice, nobody is turned away."""

from contextlib import closing

import pytest

from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from tests.conftest import queue
from tests.runs.racing import add_many, claim_all, open_cold, race

few_or_many = pytest.mark.parametrize("processes", [3, pytest.param(16, marks=pytest.mark.thorough)])


@few_or_many
def test_one_claim_has_one_winner(store, database_url, run_with_epochs, processes):
    run_ids = [store.submit(Recipe(), "page").id for _ in range(80)]
    analysed = [run_with_epochs(1).id for _ in range(10)]

    won = race(processes, claim_all, database_url)
    wanted = [(run_id, "training") for run_id in run_ids]
    wanted += [(run_id, name) for run_id in analysed for name in ("embeddings", "pca")]
    assert sorted(claim for claims in won for claim in claims) == sorted(wanted)


@pytest.mark.thorough
@few_or_many
def test_many_writers_all_get_through(store, database_url, processes):
    added = {run_id for ids in race(processes, add_many, database_url, 50) for run_id in ids}

    runs = store.runs()
    assert len(added) == 50 * processes
    assert {run.id for run in runs} == added
    assert sorted(run.number for run in runs) == [*range(1, 50 * processes + 1)]


@few_or_many
def test_many_processes_make_the_store_at_once(project_run, database_url, processes):
    added = race(processes, open_cold, database_url)

    with closing(Store(database_url)) as store:
        *asked, first = store.runs()
        assert {run.id for run in asked} == set(added) == {run_id for run_id, _ in queue(store)}
    assert first.origin == "project"
