"""Many processes at one store: nothing is lost, nothing is done twice, nobody is turned away."""

import pytest

from fmnist.recipe import Recipe
from fmnist.runs.desk import Desk
from tests.runs.racing import add_many, claim_all, claim_computations, open_cold, race, take_all

few_or_many = pytest.mark.parametrize("processes", [3, pytest.param(16, marks=pytest.mark.thorough)])


@few_or_many
def test_one_claim_has_one_winner(desk, database_url, processes):
    run_ids = [desk.store.add(Recipe(), "page").id for _ in range(100)]

    won = race(processes, claim_all, database_url, run_ids)
    assert sorted(run_id for ids in won for run_id in ids) == sorted(run_ids)


@few_or_many
def test_what_is_to_be_computed_has_one_winner_too(desk, database_url, run_with_epochs, processes):
    run_ids = [run_with_epochs(1).id for _ in range(10)]
    for run_id in run_ids:
        desk.request(run_id, "tsne")

    won = race(processes, claim_computations, database_url, run_ids)
    wanted = [(run_id, name) for run_id in run_ids for name in ("embeddings", "pca", "tsne")]
    assert sorted(claim for claims in won for claim in claims) == sorted(wanted)


@few_or_many
def test_many_writers_all_get_through(desk, database_url, processes):
    added = {run_id for ids in race(processes, add_many, database_url, 50) for run_id in ids}

    runs = desk.store.runs()
    assert len(added) == 50 * processes
    assert {run.id for run in runs} == added
    assert sorted(run.number for run in runs) == [*range(1, 50 * processes + 1)]


@few_or_many
def test_many_processes_make_the_store_at_once(settings, processes):
    added = race(processes, open_cold, settings)

    desk = Desk(settings)
    *asked, first = desk.store.runs()
    assert {run.id for run in asked} == set(added) == set(desk.queue.ids())
    assert first.origin == "project"
    desk.close()


@few_or_many
def test_every_id_in_the_queue_is_trained_once_though_it_is_there_twice(desk, settings, processes):
    run_ids = [desk.submit(Recipe(), "page").id for _ in range(40)]
    for place, run_id in enumerate(run_ids):
        desk.queue.put(run_id, place)

    won = race(processes, take_all, settings)
    assert sorted(run_id for ids in won for run_id in ids) == sorted(run_ids)
