"""Analysis jobs: request, claim, progress, result and failure."""

import sqlite3
import uuid
from contextlib import closing

import numpy as np
import pytest

from fmnist.errors import FmnistError, RunConflict, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.record import Computation
from fmnist.runs.rows import MAX_ATTEMPTS
from tests.conftest import computed_like_real
from tests.runs.conftest import only_sqlite

WAITING = Computation("embeddings", "waiting", 0.0, None)
POINTS = {"points": np.ones((3, 2), np.float32)}


@pytest.fixture
def computations(store):
    return store.computations


@pytest.fixture
def embedding(store, computations, run_with_epochs):
    """A run whose embeddings are computed by the worker 'worker'; nothing else is to be done."""
    run = run_with_epochs(1)
    assert [computations.claim(run.id, "worker") for _ in range(2)] == ["embeddings", "pca"]
    computations.finish(run.id, "pca", "worker", POINTS)
    return run


# Who asks


@pytest.mark.parametrize("status", ["succeeded", "stopped"])
def test_a_run_that_ends_well_waits_for_its_embeddings_and_a_map(store, run_with_epochs, status):
    run = run_with_epochs(1, status=status)

    assert store.computations.state(run.id, "embeddings") == WAITING
    assert store.computations.state(run.id, "pca").status == "waiting"
    assert store.computations.state(run.id, "tsne") is None
    assert list(store.waiting()) == [run.id]
    assert store.has_work()


def test_other_runs_do_not(store, run_with_epochs):
    failed, without_network = run_with_epochs(1, status="failed"), store.add(Recipe(), "page")
    store.claim(without_network.id, "worker", {})
    store.finish(without_network.id, "worker", "stopped")

    assert (
        store.computations.state(failed.id, "embeddings")
        is store.computations.state(without_network.id, "embeddings")
        is None
    )
    assert not store.has_work()


def test_a_repetition_waits_for_nothing_else(computations, run_with_epochs):
    run = run_with_epochs(1, status="failed")

    assert computations.request(run.id, "determinism").status == "waiting"
    assert computations.claim(run.id, "worker") == "determinism"
    assert computations.claim(run.id, "worker") is None


@pytest.mark.parametrize("name", ["pca", "tsne"])
def test_a_map_waits_for_the_embeddings_it_is_made_from(computations, run_with_epochs, name):
    run = run_with_epochs(1, status="failed")

    assert computations.request(run.id, name) == Computation(name, "waiting", 0.0, None)
    assert computations.claim(run.id, "worker") == "embeddings"
    assert computations.claim(run.id, "worker") == name
    assert computations.claim(run.id, "worker") is None


def test_asking_again_changes_nothing(store, computations, embedding):
    assert computations.request(embedding.id, "embeddings").status == "running"
    computations.finish(embedding.id, "embeddings", "worker", POINTS)
    computations.request(embedding.id, "tsne")
    places = store.waiting()

    assert computations.request(embedding.id, "embeddings").status == "done"
    assert computations.request(embedding.id, "tsne").status == "waiting"
    assert store.waiting() == places


def test_what_failed_is_tried_again_when_somebody_asks(store, computations, embedding):
    computations.fail(embedding.id, "embeddings", "worker", FmnistError("No {what}.", what="memory"))
    failed = store.computations.state(embedding.id, "embeddings")

    assert (failed.status, str(failed.failure)) == ("failed", "No memory.")
    assert not store.has_work()
    assert computations.request(embedding.id, "embeddings") == WAITING


@pytest.mark.parametrize("status", ["queued", "running"])
def test_of_a_run_that_still_trains_nothing_is_computed(computations, in_status, status):
    with pytest.raises(RunConflict, match="still training; try again when it has ended"):
        computations.request(in_status(status).id, "tsne")


def test_of_a_run_without_a_network_nothing_is_computed(computations, run_with_epochs):
    with pytest.raises(RunConflict, match="no finished epoch, so nothing can be computed"):
        computations.request(run_with_epochs(0, status="failed").id, "tsne")


# What it gives


def test_the_arrays_come_back_as_they_were(store, computations, embedding):
    assert store.computations.result(embedding.id, "embeddings") is None
    given = computed_like_real("embeddings")
    computations.finish(embedding.id, "embeddings", "worker", given)
    stored = store.computations.result(embedding.id, "embeddings")

    assert store.computations.state(embedding.id, "embeddings") == Computation("embeddings", "done", 1.0, None)
    assert stored.keys() == given.keys()
    for split, array in given.items():
        np.testing.assert_array_equal(stored[split], array)
        assert stored[split].dtype == np.float16
    assert not store.has_work()


def test_an_array_comes_back_whatever_lies_behind_it(store, computations, embedding):
    numbers = np.arange(12.0).reshape(6, 2)
    given = {"reversed": numbers[::-1], "turned": numbers.T, "one": np.array(7)}
    computations.finish(embedding.id, "embeddings", "worker", given)
    stored = store.computations.result(embedding.id, "embeddings")

    for name, array in given.items():
        np.testing.assert_array_equal(stored[name], array, strict=True)


@only_sqlite
def test_damaged_arrays_are_said_to_be_damaged(store, computations, embedding, sqlite_file):
    computations.finish(embedding.id, "embeddings", "worker", POINTS)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute("UPDATE computations SET content = x'0102030405060708'")

    with pytest.raises(UnknownRun, match="are damaged in the store"):
        store.computations.result(embedding.id, "embeddings")


def test_a_newer_epoch_forgets_what_was_computed_of_the_last(store, run_with_epochs, train_epochs, compute):
    run = run_with_epochs(1)
    compute(run.id)
    store.extend(run.id, 2)
    assert store.computations.result(run.id, "embeddings") is not None

    store.claim(run.id, "worker", {})
    train_epochs(run.id, "worker", 2)
    assert store.computations.state(run.id, "embeddings") is store.computations.result(run.id, "embeddings") is None
    store.finish(run.id, "worker", "succeeded")
    assert store.computations.state(run.id, "embeddings") == WAITING


# Who computes it


@pytest.mark.parametrize(
    "act",
    [
        lambda computations, run_id: computations.record_progress(run_id, "embeddings", "other", 0.9),
        lambda computations, run_id: computations.finish(run_id, "embeddings", "other", POINTS),
        lambda computations, run_id: computations.fail(run_id, "embeddings", "other", FmnistError("No.")),
        lambda computations, run_id: computations.release(run_id, "embeddings", "other"),
    ],
)
def test_nobody_writes_over_what_another_computes(store, computations, embedding, act):
    before = store.computations.state(embedding.id, "embeddings")
    with pytest.raises(RunConflict, match="no longer this worker's"):
        act(computations, embedding.id)
    assert store.computations.state(embedding.id, "embeddings") == before


@pytest.mark.parametrize("change", ["deleted", "trained on"])
def test_what_belongs_to_a_network_of_the_past_is_not_stored(store, computations, embedding, train_epochs, change):
    if change == "deleted":
        store.delete(embedding.id)
    else:
        store.extend(embedding.id, 2)
        store.claim(embedding.id, "trainer", {})
        train_epochs(embedding.id, "trainer", 2)
        store.finish(embedding.id, "trainer", "succeeded")

    with pytest.raises(RunConflict):
        computations.record_progress(embedding.id, "embeddings", "worker", 0.9)
    with pytest.raises(RunConflict):
        computations.finish(embedding.id, "embeddings", "worker", POINTS)


def test_progress_is_carried(store, computations, embedding):
    assert computations.record_progress(embedding.id, "embeddings", "worker", 0.25) is False
    assert store.computations.state(embedding.id, "embeddings") == Computation("embeddings", "running", 0.25, None)


def test_it_gives_way_to_a_run_that_comes_while_nothing_else_waits(store, computations, embedding):
    run = store.add(Recipe(), "page")

    assert computations.record_progress(embedding.id, "embeddings", "worker", 0.5) is True
    computations.release(embedding.id, "embeddings", "worker")
    assert store.computations.state(embedding.id, "embeddings") == WAITING
    assert list(store.waiting()) == [run.id, embedding.id]


def test_it_does_not_give_way_before_a_queue_that_was_there(store, computations, run_with_epochs):
    run = run_with_epochs(1)
    store.add(Recipe(), "page")
    computations.claim(run.id, "worker")
    store.add(Recipe(), "page")

    assert computations.record_progress(run.id, "embeddings", "worker", 0.5) is False


def test_runs_and_what_is_computed_of_them_wait_in_one_order(store, run_with_epochs):
    first, trained = store.add(Recipe(), "page"), run_with_epochs(1)
    last = store.add(Recipe(), "page")

    assert list(store.waiting()) == [first.id, trained.id, last.id]
    # Its place is that of its training then.
    store.extend(trained.id, 2)
    assert list(store.waiting()) == [first.id, last.id, trained.id]


# Workers that die


@pytest.mark.parametrize("idle_worker", [None, "worker"])
def test_it_is_put_back_when_its_worker_is_gone(store, computations, embedding, idle_worker):
    computations.record_progress(embedding.id, "embeddings", "worker", 0.5)
    store.reap(idle_worker)

    assert store.computations.state(embedding.id, "embeddings") == WAITING
    with pytest.raises(RunConflict):
        computations.finish(embedding.id, "embeddings", "worker", POINTS)


def test_what_takes_its_workers_down_fails(store, computations, run_with_epochs):
    run = run_with_epochs(1, status="failed")
    computations.request(run.id, "embeddings")
    for _ in range(MAX_ATTEMPTS):
        assert store.computations.state(run.id, "embeddings") == WAITING
        computations.claim(run.id, uuid.uuid4().hex)
        store.reap()

    failed = store.computations.state(run.id, "embeddings")
    assert failed.status == "failed"
    assert str(failed.failure).startswith("The worker died 3 times during this computation; it may lack memory.")


def test_giving_way_is_no_failed_attempt(store, computations, run_with_epochs):
    run = run_with_epochs(1, status="failed")
    computations.request(run.id, "embeddings")
    for _ in range(MAX_ATTEMPTS):
        computations.claim(run.id, "worker")
        computations.release(run.id, "embeddings", "worker")
    computations.claim(run.id, "worker")
    store.reap()

    assert store.computations.state(run.id, "embeddings") == WAITING
