"""The snapshots of a training: within its epochs, and at their ends."""

from dataclasses import replace

import numpy as np
import pytest

from fmnist.analysis.metrics import predictions
from fmnist.analysis.watched import WATCHED, filters
from fmnist.errors import DamagedRun, UnknownRun
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from fmnist.runs.snapshots import MAX_SNAPSHOTS, epochs_with_snapshot, snapshot_of_checkpoint
from fmnist.types import Progress, Snapshot
from tests.conftest import claim, logits_like_real, weights_like_real

PROGRESS = Progress(1, 20, 430, 0.5, 0.8, 9_000.0, 5.0)
SNAPSHOT = Snapshot(0.5, 1.25, [[3, 0.7]] * 20, [[0.125] * 9] * 32, [0.5] * 10, [None, *range(9)])


@pytest.fixture
def run(store):
    run = store.submit(Recipe(epochs=3), "page")
    claim(store, run.id, "worker")
    return run


@pytest.fixture
def take(store, run):
    """Report snapshots after so many epochs, with one progress."""

    def take(*epochs):
        taken = [replace(SNAPSHOT, epochs=each) for each in epochs]
        store.jobs.record_progress(Claim(run.id, "training", "worker"), PROGRESS, taken)

    return take


def epochs_of(found):
    return [snapshot.epochs for snapshot in found]


def test_they_are_read_as_they_were_taken(store, run, take):
    take(0.5)
    assert store.snapshots(run.id) == (SNAPSHOT,)


def test_those_after_so_many_epochs_are_read(store, run, take):
    take(0.1, 0.4)
    take(1.2)
    assert epochs_of(store.snapshots(run.id)) == [0.1, 0.4, 1.2]
    assert epochs_of(store.snapshots(run.id, after=0.4)) == [1.2]
    assert store.snapshots(run.id, after=1.2) == ()


def test_the_same_again_and_those_too_near_are_left_out(store, run, take):
    near = 0.9 * 3 / MAX_SNAPSHOTS
    take(0.001, 0.5, 0.5 + near)
    take(0.5, 0.6)
    assert epochs_of(store.snapshots(run.id)) == [0.001, 0.5, 0.6]


def test_an_epoch_that_is_trained_again_has_its_own(store, run, take, train_epochs):
    take(0.5)
    train_epochs(run.id, "worker", 1)
    take(1.3)
    store.jobs.release(Claim(run.id, "training", "worker"))

    claim(store, run.id, "another")
    assert epochs_of(store.snapshots(run.id)) == [0.5]


def test_they_go_with_their_run(store, run, take):
    take(0.5)
    store.jobs.release(Claim(run.id, "training", "worker"))
    store.delete(run.id)
    assert store.snapshots(run.id) == ()
    with pytest.raises(UnknownRun):
        store.snapshots("7")


def test_damage_is_noticed(store, run, take):
    take(0.5)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE snapshots SET content = substr(content, 3)")
    with pytest.raises(DamagedRun):
        store.snapshots(run.id)


def test_an_epochs_end_is_computed_from_its_checkpoint():
    weights, logits = weights_like_real(2), logits_like_real(2)
    labels = np.arange(10_000) % 10
    found = snapshot_of_checkpoint(2, 3.0, weights, logits, logits, labels)

    assert (found.epochs, found.seconds) == (2.0, 3.0)
    assert [answer for answer, _ in found.answers] == [predictions(logits)[index] for index in WATCHED]
    assert found.filters == filters(weights)
    assert found.right[4] == pytest.approx((predictions(logits)[labels == 4] == 4).mean(), abs=1e-4)
    assert all(taken_for != label for label, taken_for in enumerate(found.taken_for))


def test_of_a_long_run_every_so_many_ends_and_the_last_one(run_with_epochs):
    run = run_with_epochs(1)
    kept = tuple(range(1, 2 * MAX_SNAPSHOTS))
    assert epochs_with_snapshot(run) == [1]
    assert epochs_with_snapshot(replace(run, kept=(), epochs=())) == []
    long = replace(run, kept=kept, target_epochs=2 * MAX_SNAPSHOTS)
    assert epochs_with_snapshot(long) == [*kept[1::2], kept[-1]]
