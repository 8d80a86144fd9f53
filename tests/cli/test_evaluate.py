import json
import math

import pytest

from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Recipe


def test_evaluates_the_newest_run_with_a_finished_epoch(command, store, trained):
    run = trained()
    store.submit(Recipe(), "page")
    answer = json.loads(command("evaluate", "--json").stdout)
    assert (answer["run"], answer["id"], answer["epoch"]) == (run.number, run.id, 3)
    assert answer["accuracy"] == 1.0
    assert answer["loss"] == pytest.approx(math.log(math.exp(6) + 9) - 6)
    assert answer["class_accuracy"] == dict.fromkeys(CLASS_NAMES, 1.0)


@pytest.mark.parametrize("naming", ["number", "id"])
def test_evaluates_the_epoch_of_the_run_that_is_named(command, trained, dataset, naming):
    run = trained()
    trained(epochs=1)
    answer = json.loads(command("evaluate", getattr(run, naming), "--epoch", 1, "--json").stdout)
    assert (answer["run"], answer["epoch"], answer["accuracy"]) == (run.number, 1, 0.8)
    bags = dataset.test.labels == 8
    assert answer["class_accuracy"]["Bag"] == pytest.approx(1 - bags[:2000].sum() / bags.sum())


def test_shows_every_class(command, trained):
    run = trained()
    shown = command("evaluate").stdout
    assert f"Run {run.number} ({run.id}) after epoch 3" in shown
    assert "accuracy 1.0000, loss 0.0221" in shown
    assert all(name in shown for name in CLASS_NAMES)
