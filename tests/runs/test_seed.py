"""Every store begins with the run that came with the project."""

import numpy as np
import pytest

from fmnist.errors import RunConflict
from fmnist.pretrained.network import read
from fmnist.recipe import BEST, Recipe
from fmnist.runs.seed_export import epochs_to_keep, pretrained_network
from fmnist.runs.store import Store


@pytest.fixture
def opened(project_run, database_url):
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def run(opened):
    (run,) = opened.runs()
    return run


def test_a_new_store_begins_with_it(run):
    assert (run.number, run.origin, run.status, run.recipe) == (0, "project", "succeeded", BEST)
    assert len(run.epochs) == run.target_epochs == BEST.epochs
    assert run.kept[-1] == BEST.epochs
    assert len(run.kept) < len(run.epochs)


def test_it_is_put_there_once(opened, run, database_url):
    opened.submit(Recipe(), "page")
    again = Store(database_url)
    assert [each.number for each in again.runs()] == [1, 0]
    again.close()


def test_runs_are_counted_from_one(opened):
    assert opened.submit(Recipe(), "page").number == 1


def test_the_store_has_what_its_kept_epochs_said(opened, run):
    for kept in read().kept:
        assert np.array_equal(opened.logits(run.id, kept.epoch), kept.test_logits)
        assert np.array_equal(opened.held_out_logits(run.id, kept.epoch), kept.held_out_logits)
        assert opened.weights(run.id, kept.epoch).keys() == kept.weights.keys()
    assert opened.sample_logits(run.id, 169).shape == (len(run.kept), 10)


def test_its_maps_are_made(opened, run):
    for name, arrays in read().computed.items():
        assert opened.jobs.state(run.id, name).status == "succeeded"
        stored = opened.jobs.result(run.id, name)
        assert stored.keys() == arrays.keys()
        assert all(np.array_equal(stored[part], arrays[part]) for part in arrays)
    assert opened.jobs.state(run.id, "embeddings") is None


def test_it_stays_as_it_is(opened, run):
    for change in (lambda: opened.delete(run.id), lambda: opened.extend(run.id, 1)):
        with pytest.raises(RunConflict, match="included in the project"):
            change()
    assert opened.run(run.id) == run


def test_it_waits_for_nobody(opened):
    assert not opened.jobs.any_active()


def test_what_is_packed_is_what_was_unpacked(opened, run, tmp_path):
    network = pretrained_network(opened, run)
    assert [kept.epoch for kept in network.kept] == list(run.kept)
    assert network.network == read().network
    assert network.computed.keys() == read().computed.keys()
    before = dict(read().record)
    # To the second: a time stamp goes through the database's floating-point numbers.
    assert network.record.keys() == before.keys()
    assert network.record["epochs"] == before["epochs"]
    assert network.record["recipe"] == before["recipe"]


@pytest.mark.parametrize("validation", ["held_out", "test"])
def test_a_run_that_lacks_maps_or_held_out_images_cannot_come_with_the_project(store, run_with_epochs, validation):
    run = run_with_epochs(1, validation=validation)

    with pytest.raises(RunConflict, match=f"Run {run.number} cannot come with the project"):
        pretrained_network(store, run)


@pytest.mark.parametrize(("last", "kept"), [(1, [1]), (3, [1, 2, 3]), (100, [1, 2, 3, 5, 8, 13, 22, 36, 60, 100])])
def test_epochs_are_kept_closer_together_where_more_changes(last, kept):
    assert epochs_to_keep(last) == kept
