"""The statuses of runs, their owners, and the order of the queue."""

import uuid

import pytest

from fmnist.errors import Diverged, InvalidRecipe, RunConflict
from fmnist.recipe import Recipe
from fmnist.runs.jobs import MAX_ATTEMPTS
from fmnist.runs.record import Claim
from fmnist.types import Progress
from tests.conftest import claim, epoch_like_real, logits_like_real, queue

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)


def test_a_claimed_run_trains(store):
    run = store.submit(Recipe(), "page")

    assert claim(store, run.id, "a", {"python": "3"})
    assert store.jobs.claim("b", {}) is None
    run = store.run(run.id)
    assert (run.status, run.environment, run.queue_position) == ("running", {"python": "3"}, None)


def test_a_run_is_extended_with_another_learning_rate(store, run_with_epochs):
    run = store.extend(run_with_epochs(2).id, 3, 0.5)
    assert [run.learning_rate_at(epoch) for epoch in (2, 3, 9)] == [None, 0.5, 0.5]
    store.request_stop(run.id)
    assert store.extend(run.id, 3).learning_rates == {3: 0.5}
    store.request_stop(run.id)
    assert store.extend(run.id, 3, 0.25).learning_rates == {3: 0.25}
    store.request_stop(run.id)
    with pytest.raises(InvalidRecipe):
        store.extend(run.id, 3, 2.0)
    assert store.run(run.id).learning_rates == {3: 0.25}


@pytest.mark.parametrize("status", ["running", "failed"])
def test_only_what_is_queued_is_claimed(store, in_status, status):
    run = in_status(status)

    assert store.jobs.claim("other", {}) is None
    assert store.run(run.id) == run


def test_progress_is_carried_and_brings_the_wish_to_stop(store, run_with_epochs):
    run = run_with_epochs(0, status="running")

    assert store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS) is None
    assert store.run(run.id).progress == PROGRESS
    store.request_stop(run.id)
    assert store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS) == "stop"


@pytest.mark.parametrize("status", ["succeeded", "stopped", "failed"])
def test_a_run_ends(store, run_with_epochs, status):
    run = run_with_epochs(1, status="running")
    store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS)
    store.request_stop(run.id)
    failure = Diverged("The loss became {loss}.", loss=float("nan")) if status == "failed" else None
    store.jobs.finish(Claim(run.id, "training", "worker"), status, failure=failure)

    run = store.run(run.id)
    assert (run.status, run.progress, run.stop_requested, run.active) == (status, None, False, False)
    assert str(run.failure) == ("The loss became nan." if status == "failed" else "None")


@pytest.mark.parametrize("status", ["queued", "running", "succeeded", "stopped", "failed"])
@pytest.mark.parametrize(
    "act",
    [
        lambda store, run_id: store.jobs.record_progress(Claim(run_id, "training", "other"), PROGRESS),
        lambda store, run_id: store.record_epoch(
            Claim(run_id, "training", "other"), epoch_like_real(2), {}, logits_like_real(), {}
        ),
        lambda store, run_id: store.jobs.finish(Claim(run_id, "training", "other"), "succeeded"),
        lambda store, run_id: store.jobs.release(Claim(run_id, "training", "other")),
    ],
)
def test_nobody_writes_over_a_run_that_is_not_theirs(store, in_status, status, act):
    run = in_status(status)

    with pytest.raises(RunConflict, match="no longer this worker's"):
        act(store, run.id)
    assert store.run(run.id) == run


def test_a_released_run_waits_at_its_old_place(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    later = store.submit(Recipe(), "page")
    store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS)
    store.jobs.release(Claim(run.id, "training", "worker"))

    run = store.run(run.id)
    assert (run.status, run.progress, run.queue_position, len(run.epochs)) == ("queued", None, 0, 1)
    assert [run for run, _ in queue(store)] == [run.id, later.id]


@pytest.mark.parametrize("status", ["succeeded", "stopped", "failed"])
def test_a_run_with_a_network_can_be_extended(store, in_status, status):
    run = store.extend(in_status(status).id, 6)

    assert (run.status, run.target_epochs, run.recipe.epochs, len(run.epochs)) == ("queued", 7, 1, 1)
    assert run.failure is None


@pytest.mark.parametrize("status", ["queued", "running"])
def test_other_runs_cannot_be_extended(store, in_status, status):
    run = in_status(status)
    with pytest.raises(RunConflict, match="Only a run that has ended"):
        store.extend(run.id, 7)
    assert store.run(run.id) == run


def test_a_waiting_run_without_epochs_is_stopped_at_once(store):
    run = store.request_stop(store.submit(Recipe(), "page").id)

    assert (run.status, run.epochs, run.stop_requested) == ("stopped", (), False)
    assert queue(store) == []


def test_a_waiting_run_with_a_network_is_stopped_at_once(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    store.jobs.release(Claim(run.id, "training", "worker"))
    run = store.request_stop(run.id)

    assert (run.status, len(run.epochs), run.stop_requested) == ("stopped", 1, False)
    assert store.jobs.state(run.id, "embeddings").status == "queued"


@pytest.mark.parametrize("status", ["succeeded", "stopped", "failed"])
def test_stopping_a_run_that_has_ended_changes_nothing(store, in_status, status):
    run = in_status(status)

    assert store.request_stop(run.id) == run


@pytest.mark.parametrize("status", ["queued", "succeeded", "stopped", "failed"])
def test_a_run_that_does_not_train_can_be_deleted(store, in_status, status):
    store.delete(in_status(status).id)

    assert store.runs() == []


def test_a_run_that_trains_cannot_be_deleted(store, in_status):
    run = in_status("running")
    with pytest.raises(RunConflict, match="is training; stop it before you delete it"):
        store.delete(run.id)
    assert store.run(run.id) == run


@pytest.mark.parametrize(("status", "active"), [("queued", True), ("running", True), ("failed", False)])
def test_the_store_knows_whether_there_is_work(store, in_status, status, active):
    assert not store.jobs.any_active()
    in_status(status)

    assert store.jobs.any_active() is active


# The queue's order


def test_runs_ahead_counts_those_that_train_and_those_asked_for_earlier(store):
    runs = [store.submit(Recipe(), "page") for _ in range(4)]
    claim(store, runs[2].id, "worker")

    assert [store.run(run.id).queue_position for run in runs] == [1, 2, None, 3]
    assert [run for run, _ in queue(store)] == [runs[0].id, runs[1].id, runs[3].id]


def test_an_extended_run_waits_behind_those_asked_for_before(store, run_with_epochs):
    run = run_with_epochs(1)
    earlier = store.submit(Recipe(), "page")

    assert store.extend(run.id, 2).queue_position == 1
    assert [name for name in queue(store) if name[1] == "training"] == [(earlier.id, "training"), (run.id, "training")]


# Workers that die


def test_a_run_is_put_back_when_its_worker_is_gone(store, run_with_epochs):
    run = run_with_epochs(2, status="running", epochs=5)
    store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS)
    store.leases.reap()

    run = store.run(run.id)
    assert (run.status, run.progress, len(run.epochs), run.queue_position) == ("queued", None, 2, 0)
    with pytest.raises(RunConflict):
        store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")


def test_a_run_that_its_idle_worker_lost_is_put_back(store, run_with_epochs):
    run = run_with_epochs(1, status="running", epochs=5)
    store.leases.reap("worker")

    assert store.run(run.id).status == "queued"


def test_a_run_that_takes_its_workers_down_fails(store):
    run = store.submit(Recipe(), "page")
    for _ in range(MAX_ATTEMPTS):
        assert store.run(run.id).status == "queued"
        claim(store, run.id, uuid.uuid4().hex)
        store.leases.reap()

    run = store.run(run.id)
    assert run.status == "failed"
    assert str(run.failure) == (
        "The worker died 3 times in the same epoch. This machine may lack memory: a worker needs up to 1.2 GB, "
        "whatever the batch size. Close other programs and try again."
    )


def test_a_finished_epoch_and_a_release_give_new_attempts(store, train_epochs):
    run = store.submit(Recipe(epochs=50), "page")
    for epoch in range(1, MAX_ATTEMPTS + 1):
        claim(store, run.id, "worker")
        train_epochs(run.id, "worker", epoch)
        store.leases.reap()
    for _ in range(MAX_ATTEMPTS):
        claim(store, run.id, "worker")
        store.jobs.release(Claim(run.id, "training", "worker"))
    claim(store, run.id, "worker")
    store.leases.reap()

    assert store.run(run.id).status == "queued"
