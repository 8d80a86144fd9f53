"""Snapshots within an epoch: of what they consist, and that the training is the same without them."""

import subprocess
import sys

import numpy as np
import pytest

from fmnist.training import snapshots
from fmnist.training.learner import learner_of
from fmnist.training.loop import Checkpoint, train
from fmnist.training.snapshots import SnapshotCallback

# Trains twice with deterministic operations, with and without snapshots, and resumes after the first epoch.
SAME = """
import sys
import tensorflow as tf
from fmnist.recipe import Recipe
from fmnist.training import snapshots
from fmnist.training.deterministic import weight_hash
from fmnist.training.loop import train
from tests.training.conftest import squares

tf.config.experimental.enable_op_determinism()
snapshots.INTERVAL, snapshots.MAX_SHARE, snapshots.WATCHED = 0.0, 1e9, range(20)
recipe = Recipe(epochs=2, batch_size=16, learning_rate=0.02, seed=5, training_images=500, optimizer=sys.argv[1])
splits = squares("train", 500), squares("validation", 120), squares("test", 200)
taken = []

def results(on_snapshot, resume=None):
    return list(train(recipe, *splits, epochs=2, resume=resume, on_progress=lambda progress: None,
                      should_stop=lambda: False, on_snapshot=on_snapshot))

alone, watched = results(None), results(taken.append)
resumed = results(taken.append, watched[0].checkpoint)
assert len(taken) > 3
assert len({weight_hash(each[-1].weights) for each in (alone, watched, resumed)}) == 1
"""


@pytest.fixture(autouse=True)
def _few_test_images(monkeypatch):
    monkeypatch.setattr(snapshots, "WATCHED", range(20))


@pytest.fixture
def take(recipe, training, validation, test_split, monkeypatch):
    """Train with a snapshot after every few batches; return them."""

    def take(recipe, resume=None):
        monkeypatch.setattr(snapshots, "INTERVAL", 0.0)
        monkeypatch.setattr(snapshots, "MAX_SHARE", 1e9)
        monkeypatch.setattr(snapshots, "VALIDATION_INTERVAL", 0.0)
        taken = []
        results = train(
            recipe, training, validation, test_split, epochs=2, resume=resume, on_progress=lambda progress: None,
            should_stop=lambda: False, on_snapshot=taken.append,
        )  # fmt: skip
        return taken, list(results)

    return take


def test_they_are_taken_within_every_epoch_but_not_at_its_end(take, recipe):
    taken, results = take(recipe)
    assert [snapshot.epochs for snapshot in taken] == [epoch + batch / 8 for epoch in (0, 1) for batch in range(1, 8)]
    seconds = [snapshot.seconds for snapshot in taken]
    assert seconds == sorted(seconds)
    assert seconds[7] >= round(results[0].metrics.seconds, 2) == round(results[0].checkpoint.seconds, 2)


def test_each_has_answers_filters_and_classes(take, recipe):
    taken, _ = take(recipe)
    for snapshot in taken:
        assert np.shape(snapshot.answers) == (20, 2)
        assert np.shape(snapshot.filters) == (32, 9)
        assert len(snapshot.right) == len(snapshot.taken_for) == 10
    assert np.mean(taken[-1].right) > np.mean(taken[0].right)


def test_a_resumed_training_goes_on_with_its_seconds(take, recipe):
    _, (first, _) = take(recipe)
    checkpoint = Checkpoint(1, first.weights, first.checkpoint.state, 100.0)
    taken, _ = take(recipe, checkpoint)
    assert taken[0].epochs == 1.125
    assert taken[0].seconds >= 100


@pytest.mark.parametrize("chosen", ["recipe", "fast_recipe"])
def test_nothing_that_trains_is_changed(chosen, request, training, validation, test_split):
    recipe = request.getfixturevalue(chosen)
    learner, taken = learner_of(recipe), []
    learner.start(5)
    callback = SnapshotCallback(learner, (training, validation, test_split), 64, taken.append)
    callback.on_epoch_begin(0)
    before = learner.state()
    callback.on_train_batch_end(0)

    after = learner.state()
    assert len(taken) == 1
    # The statistics of the last batch are for the network that is folded; the next batch is trained by its own.
    assert all(np.array_equal(after[name], before[name]) for name in before if "/moving_" not in name)


@pytest.mark.thorough
@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_the_training_is_the_same_with_and_without_them_bit_by_bit(optimizer):
    subprocess.run([sys.executable, "-c", SAME, optimizer], check=True)
