from dataclasses import replace

import pytest

from fmnist.recipe import FAST, NOTEBOOK, Recipe
from fmnist.runs.estimate import Estimate, estimate
from fmnist.runs.record import Claim
from tests.conftest import claim

HERE = {"processor": "a processor", "cores": 2, "python": "3"}


@pytest.fixture
def trained(store, train_epochs):
    """A run of so many finished epochs, 1.5 seconds each; after n of them, its test accuracy is 1 - 0.26 / n."""

    def train(recipe, epochs=None, machine=HERE):
        run = store.submit(recipe, "page")
        claim(store, run.id, "worker", machine)
        train_epochs(run.id, "worker", *range(1, 1 + (recipe.epochs if epochs is None else epochs)))
        store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")

    return train


def test_before_any_run_nothing_is_expected(store):
    assert estimate(FAST, store.runs(), HERE) == Estimate(None, None, 0)


def test_runs_of_the_recipe_tell_time_and_accuracy_whatever_their_seed(store, trained):
    trained(FAST)
    trained(replace(FAST, seed=7))
    estimated = estimate(replace(FAST, seed=9), store.runs(), HERE)

    assert estimated.seconds == pytest.approx(3 * 1.5)
    assert estimated.accuracy == pytest.approx(1 - 0.26 / 3)
    assert estimated.runs == 2


def test_a_run_that_was_stopped_early_tells_only_the_time(store, trained):
    trained(NOTEBOOK, epochs=1)
    estimated = estimate(NOTEBOOK, store.runs(), HERE)

    assert (estimated.accuracy, estimated.runs) == (None, 0)
    assert estimated.seconds == pytest.approx(10 * 1.5)


def test_time_grows_with_images_and_epochs(store, trained):
    trained(Recipe(epochs=2, training_images=10_000))
    estimated = estimate(Recipe(epochs=6, training_images=5_000), store.runs(), HERE)

    assert estimated.seconds == pytest.approx(6 * 1.5 / 2)
    assert estimated.accuracy is None


@pytest.mark.parametrize("other", [{"batch_size": 64}, {"optimizer": "muon"}])
def test_other_steps_tell_nothing_of_the_time(store, trained, other):
    trained(Recipe(**other))
    assert estimate(Recipe(), store.runs(), HERE).seconds is None


@pytest.mark.parametrize("machine", [{}, HERE | {"cores": 8}, HERE | {"processor": "another"}])
def test_another_machine_tells_the_accuracy_but_not_the_time(store, trained, machine):
    trained(FAST, machine=machine)
    estimated = estimate(FAST, store.runs(), HERE)

    assert estimated.seconds is None
    assert estimated.accuracy == pytest.approx(1 - 0.26 / 3)


def test_a_run_without_epochs_tells_nothing(store, trained):
    trained(FAST, epochs=0)
    assert estimate(FAST, store.runs(), HERE) == Estimate(None, None, 0)


def test_what_came_with_the_project_tells_its_accuracy_but_not_this_machines_time(project_run, store):
    (run,) = store.runs()
    estimated = estimate(run.recipe, [run], run.environment)

    assert estimated == Estimate(None, run.epochs[-1].test_accuracy, 1)
