"""Analysis jobs: request, claim, progress, result and failure."""

import sqlite3
import uuid
from contextlib import closing

import numpy as np
import pytest

from fmnist.errors import FmnistError, RunConflict, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.jobs import MAX_ATTEMPTS
from fmnist.runs.record import Claim, Job
from tests.conftest import claim, computed_like_real, queue
from tests.runs.conftest import only_sqlite

WAITING = Job("embeddings", "queued", 0.0, None)
POINTS = {"points": np.ones((3, 2), np.float32)}


@pytest.fixture
def embedding(store, run_with_epochs):
    """A run whose embeddings are computed by the worker 'worker'; nothing else is to be done."""
    run = run_with_epochs(1)
    assert [claim(store, run.id, "worker") for _ in range(2)] == ["embeddings", "pca"]
    store.jobs.finish(Claim(run.id, "pca", "worker"), "succeeded", result=POINTS)
    return run


# Who asks


@pytest.mark.parametrize("status", ["succeeded", "stopped"])
def test_a_run_that_ends_well_waits_for_its_embeddings_and_a_map(store, run_with_epochs, status):
    run = run_with_epochs(1, status=status)

    assert store.jobs.state(run.id, "embeddings") == WAITING
    assert store.jobs.state(run.id, "pca").status == "queued"
    assert store.jobs.state(run.id, "tsne") is None
    assert queue(store) == [(run.id, name) for name in ("embeddings", "pca")]
    assert store.jobs.any_active()


def test_other_runs_do_not(store, run_with_epochs):
    failed, without_network = run_with_epochs(1, status="failed"), store.submit(Recipe(), "page")
    claim(store, without_network.id, "worker")
    store.jobs.finish(Claim(without_network.id, "training", "worker"), "stopped")

    assert store.jobs.state(failed.id, "embeddings") is store.jobs.state(without_network.id, "embeddings") is None
    assert not store.jobs.any_active()


def test_a_repetition_waits_for_nothing_else(store, run_with_epochs):
    run = run_with_epochs(1, status="failed")

    assert store.jobs.request(run.id, "determinism").status == "queued"
    assert claim(store, run.id, "worker") == "determinism"
    assert claim(store, run.id, "worker") is None


@pytest.mark.parametrize("name", ["pca", "tsne"])
def test_a_map_waits_for_the_embeddings_it_is_made_from(store, run_with_epochs, name):
    run = run_with_epochs(1, status="failed")

    assert store.jobs.request(run.id, name) == Job(name, "queued", 0.0, None)
    assert claim(store, run.id, "worker") == "embeddings"
    assert claim(store, run.id, "worker") == name
    assert claim(store, run.id, "worker") is None


def test_asking_again_changes_nothing(store, embedding):
    assert store.jobs.request(embedding.id, "embeddings").status == "running"
    store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=POINTS)
    store.jobs.request(embedding.id, "tsne")
    places = queue(store)

    assert store.jobs.request(embedding.id, "embeddings").status == "succeeded"
    assert store.jobs.request(embedding.id, "tsne").status == "queued"
    assert queue(store) == places


def test_what_failed_is_tried_again_when_somebody_asks(store, embedding):
    store.jobs.finish(
        Claim(embedding.id, "embeddings", "worker"), "failed", failure=FmnistError("No {what}.", what="memory")
    )
    failed = store.jobs.state(embedding.id, "embeddings")

    assert (failed.status, str(failed.failure)) == ("failed", "No memory.")
    assert not store.jobs.any_active()
    assert store.jobs.request(embedding.id, "embeddings") == WAITING


@pytest.mark.parametrize("status", ["queued", "running"])
def test_of_a_run_that_still_trains_nothing_is_computed(store, in_status, status):
    with pytest.raises(RunConflict, match="still training; try again when it has ended"):
        store.jobs.request(in_status(status).id, "tsne")


def test_of_a_run_without_a_network_nothing_is_computed(store, run_with_epochs):
    with pytest.raises(RunConflict, match="no finished epoch, so nothing can be computed"):
        store.jobs.request(run_with_epochs(0, status="failed").id, "tsne")


# What it gives


def test_the_arrays_come_back_as_they_were(store, embedding):
    assert store.jobs.result(embedding.id, "embeddings") is None
    given = computed_like_real("embeddings")
    store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=given)
    stored = store.jobs.result(embedding.id, "embeddings")

    assert store.jobs.state(embedding.id, "embeddings") == Job("embeddings", "succeeded", 1.0, None)
    assert stored.keys() == given.keys()
    for split, array in given.items():
        np.testing.assert_array_equal(stored[split], array)
        assert stored[split].dtype == np.float16
    assert not store.jobs.any_active()


def test_an_array_comes_back_whatever_lies_behind_it(store, embedding):
    numbers = np.arange(12.0).reshape(6, 2)
    given = {"reversed": numbers[::-1], "turned": numbers.T, "one": np.array(7)}
    store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=given)
    stored = store.jobs.result(embedding.id, "embeddings")

    for name, array in given.items():
        np.testing.assert_array_equal(stored[name], array, strict=True)


@only_sqlite
def test_damaged_arrays_are_said_to_be_damaged(store, embedding, sqlite_file):
    store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=POINTS)
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute("UPDATE jobs SET content = x'0102030405060708'")

    with pytest.raises(UnknownRun, match="are damaged in the store"):
        store.jobs.result(embedding.id, "embeddings")


def test_a_newer_epoch_forgets_what_was_computed_of_the_last(store, run_with_epochs, train_epochs, compute):
    run = run_with_epochs(1)
    compute(run.id)
    store.extend(run.id, 2)
    assert store.jobs.result(run.id, "embeddings") is not None

    claim(store, run.id, "worker")
    train_epochs(run.id, "worker", 2)
    assert store.jobs.state(run.id, "embeddings") is store.jobs.result(run.id, "embeddings") is None
    store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
    assert store.jobs.state(run.id, "embeddings") == WAITING


# Who computes it


@pytest.mark.parametrize(
    "act",
    [
        lambda store, run_id: store.jobs.record_progress(Claim(run_id, "embeddings", "other"), 0.9),
        lambda store, run_id: store.jobs.finish(Claim(run_id, "embeddings", "other"), "succeeded", result=POINTS),
        lambda store, run_id: store.jobs.finish(
            Claim(run_id, "embeddings", "other"), "failed", failure=FmnistError("No.")
        ),
        lambda store, run_id: store.jobs.release(Claim(run_id, "embeddings", "other")),
    ],
)
def test_nobody_writes_over_what_another_computes(store, embedding, act):
    before = store.jobs.state(embedding.id, "embeddings")
    with pytest.raises(RunConflict, match="no longer this worker's"):
        act(store, embedding.id)
    assert store.jobs.state(embedding.id, "embeddings") == before


@pytest.mark.parametrize("change", ["deleted", "trained on"])
def test_what_belongs_to_a_network_of_the_past_is_not_stored(store, embedding, train_epochs, change):
    if change == "deleted":
        store.delete(embedding.id)
    else:
        store.extend(embedding.id, 2)
        claim(store, embedding.id, "trainer")
        train_epochs(embedding.id, "trainer", 2)
        store.jobs.finish(Claim(embedding.id, "training", "trainer"), "succeeded")

    with pytest.raises(RunConflict):
        store.jobs.record_progress(Claim(embedding.id, "embeddings", "worker"), 0.9)
    with pytest.raises(RunConflict):
        store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=POINTS)


def test_progress_is_carried(store, embedding):
    assert store.jobs.record_progress(Claim(embedding.id, "embeddings", "worker"), 0.25) is None
    assert store.jobs.state(embedding.id, "embeddings") == Job("embeddings", "running", 0.25, None)


def test_it_gives_way_to_a_run_that_comes_while_nothing_else_waits(store, embedding):
    run = store.submit(Recipe(), "page")

    assert store.jobs.record_progress(Claim(embedding.id, "embeddings", "worker"), 0.5) == "yield"
    store.jobs.release(Claim(embedding.id, "embeddings", "worker"))
    assert store.jobs.state(embedding.id, "embeddings") == WAITING
    assert queue(store) == [(run.id, "training"), (embedding.id, "embeddings")]


def test_those_that_depend_on_it_give_way_too(store, run_with_epochs):
    analysed = run_with_epochs(1)
    claim = store.jobs.claim("worker", {})
    trained = store.submit(Recipe(), "page")
    store.jobs.release(claim)

    assert queue(store) == [(trained.id, "training"), (analysed.id, "embeddings"), (analysed.id, "pca")]


def test_it_does_not_give_way_before_a_queue_that_was_there(store, run_with_epochs):
    run = run_with_epochs(1)
    store.submit(Recipe(), "page")
    claim(store, run.id, "worker")
    store.submit(Recipe(), "page")

    assert store.jobs.record_progress(Claim(run.id, "embeddings", "worker"), 0.5) is None


def test_runs_and_what_is_computed_of_them_wait_in_one_order(store, run_with_epochs):
    first, trained = store.submit(Recipe(), "page"), run_with_epochs(1)
    last = store.submit(Recipe(), "page")

    def runs_in_order():
        return [*dict.fromkeys(run_id for run_id, _ in queue(store))]

    assert runs_in_order() == [first.id, trained.id, last.id]
    # They wait behind its training then.
    store.extend(trained.id, 2)
    assert runs_in_order() == [first.id, last.id, trained.id]
    assert queue(store)[2] == (trained.id, "training")


# Workers that die


@pytest.mark.parametrize("idle_worker", [None, "worker"])
def test_it_is_put_back_when_its_worker_is_gone(store, embedding, idle_worker):
    store.jobs.record_progress(Claim(embedding.id, "embeddings", "worker"), 0.5)
    store.leases.reap(idle_worker)

    assert store.jobs.state(embedding.id, "embeddings") == WAITING
    with pytest.raises(RunConflict):
        store.jobs.finish(Claim(embedding.id, "embeddings", "worker"), "succeeded", result=POINTS)


def test_what_takes_its_workers_down_fails(store, run_with_epochs):
    run = run_with_epochs(1, status="failed")
    store.jobs.request(run.id, "embeddings")
    for _ in range(MAX_ATTEMPTS):
        assert store.jobs.state(run.id, "embeddings") == WAITING
        claim(store, run.id, uuid.uuid4().hex)
        store.leases.reap()

    failed = store.jobs.state(run.id, "embeddings")
    assert failed.status == "failed"
    assert str(failed.failure).startswith("The worker died 3 times during this computation; it may lack memory.")


def test_giving_way_is_no_failed_attempt(store, run_with_epochs):
    run = run_with_epochs(1, status="failed")
    store.jobs.request(run.id, "embeddings")
    for _ in range(MAX_ATTEMPTS):
        claim(store, run.id, "worker")
        store.jobs.release(Claim(run.id, "embeddings", "worker"))
    claim(store, run.id, "worker")
    store.leases.reap()

    assert store.jobs.state(run.id, "embeddings") == WAITING
