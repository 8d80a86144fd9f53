"""The Record page: everything of one run, whatever the run does."""

import csv
import json
from dataclasses import astuple, replace

import numpy as np
import pytest

from fmnist.cli.train import train
from fmnist.recipe import NAMED, NOTEBOOK, Recipe
from fmnist.system.hardware import describe
from tests.conftest import computed_like_real
from tests.ui.conftest import charts, click, rows, sentences
from ui.views.run.facts import command, epochs_as_csv

NOBODY = "0" * 32


def facts(tab, table=0):
    """A table of names and facts."""
    return dict(tab.table[table].value.itertuples(index=False, name=None))


def codes(tab):
    """The addresses and commands, not the lines of Python beside each file."""
    return [block.value for block in tab.code if block.language != "python"]


def downloads(tab):
    return [button.proto.label for button in tab.get("download_button")]


def test_all_that_is_known_of_a_run_is_written_down(visit, desk, train_epochs):
    recipe = Recipe(3, 64, 0.002, 7, "held_out", 20_000)
    run = desk.store.add(recipe, "terminal")
    machine = describe()
    desk.store.claim(run.id, "worker", machine)
    train_epochs(run.id, "worker", 1, 2, 3)
    desk.store.finish(run.id, "worker", "succeeded")
    tab = visit("run", run=run.id)

    settings = facts(tab)
    assert {name: settings[name] for name in list(settings)[1:]} == {
        "Origin": "a terminal", "Recipe": "Custom", "Optimizer": "Adam, as in the notebook",
        "Data augmentation": "no", "Knowledge distillation": "no",
        "Epochs": "3 / 3", "Batch size": "64", "Learning rate": "0.002",
        "Training images": "20,000", "Validation set": "The last 5,000 training images", "Seed": "7",
        "Training time": "4 s", "Time per epoch": "1.5 s",
    }  # fmt: skip
    environment = facts(tab, 1)
    assert environment["Python"] == machine["python"]
    assert environment["Cores, one thread each"] == str(machine["cores"])
    assert machine["packages"].items() <= environment.items()
    numbers = tab.dataframe[0].value
    assert numbers["Epoch"].tolist() == [1, 2, 3]
    assert numbers["Test accuracy"].tolist() == ["74.00%", "87.00%", "91.33%"]
    accuracy, loss = charts(tab)
    assert len(rows(accuracy)) == len(rows(loss)) == 6
    assert [label.partition(" (")[0] for label in downloads(tab)] == [
        "Epochs as CSV", *(f"run-1-epoch-3.{ending}" for ending in ("tflite", "safetensors", "keras"))
    ]  # fmt: skip
    assert downloads(tab)[1] == "run-1-epoch-3.tflite (355 kB)"
    assert codes(tab)[1].endswith(f"?run={run.id}")
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("browser", ["en", "es"])
def test_runs_of_every_status_are_shown(visit, every_kind_of_run, browser):
    for run in every_kind_of_run.values():
        tab = visit("run", browser, run=run.id)

        assert tab.selectbox(key="choose_run").value == run.id
        assert len(tab.dataframe) == bool(run.epochs)
        assert not tab.warning
        assert codes(tab)[0].startswith("python -m fmnist train ")


@pytest.mark.parametrize(
    ("name", "message", "has_network"),
    [
        ("succeeded", "Run 1 succeeded, after 4 s of training.", True),
        ("stopped early", "Run 3 was stopped before its first epoch ended.", False),
        ("failed", "Run 4 failed.", False),
        ("running", "Run 5 is training.", True),
        ("next", "Run 6 is queued. 1 run is ahead of it.", True),
    ],
)
def test_a_run_shows_its_status_and_its_network(visit, every_kind_of_run, name, message, has_network):
    run = every_kind_of_run[name]
    tab = visit("run", run=run.id)

    assert any(line.value.endswith(message) for line in tab.markdown)
    files = [label.partition(" (")[0] for label in downloads(tab) if label.startswith("run-")]
    endings = ("tflite", "safetensors", "keras") if has_network else ()
    assert files == [f"run-{run.number}-epoch-{len(run.epochs)}.{ending}" for ending in endings]
    captions = [caption.value for caption in tab.caption]
    assert ("The run ended without a network." in captions) == (not has_network)


def test_why_a_run_failed_is_said(visit, every_kind_of_run):
    tab = visit("run", run=every_kind_of_run["failed"].id)

    assert sentences(tab) == ["The loss became nan in epoch 1. Choose a lower learning rate and train again."]


def test_a_run_that_trains_is_followed(visit, desk, run_with_epochs, train_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    tab = visit("run", run=run.id)
    assert facts(tab)["Epochs"] == "1 / 3"
    train_epochs(run.id, "worker", 2)
    tab.run()

    assert facts(tab)["Epochs"] == "2 / 3"
    assert [len(rows(chart)) for chart in charts(tab)] == [4, 4]
    train_epochs(run.id, "worker", 3)
    desk.store.finish(run.id, "worker", "succeeded")
    tab.run()
    assert facts(tab)["Epochs"] == "3 / 3"


@pytest.mark.parametrize("run_id", [NOBODY, "x", "../../etc/passwd"])
def test_a_run_that_is_gone_is_explained(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("run", run=run_id)
    assert sentences(tab) == [f"There is no run {run_id}; it may have been deleted. Another one is shown."]
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize(
    ("button", "title"),
    [
        ("Try this network", "Predict the class of an image"),
        ("See its mistakes", "Evaluate a network"),
        ("Stop, train longer or delete", "Train a network"),
    ],
)
def test_a_run_leads_to_the_other_pages_and_back(visit, run_with_epochs, button, title):
    run, _newer = run_with_epochs(1), run_with_epochs(1)
    tab = click(visit("run", run=run.id), button)

    assert tab.title[0].value == title
    assert tab.query_params == {"run": run.id}
    if title == "Train a network":
        assert click(tab, "Run details").title[0].value == "Run details"
        assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("button", ["Try this network", "See its mistakes", "Stop, train longer or delete"])
def test_a_click_on_a_run_that_was_just_deleted_does_not_lead_to_another(visit, desk, run_with_epochs, button):
    run, other = run_with_epochs(1), run_with_epochs(1)
    tab = visit("run", run=run.id)
    desk.delete(run.id)
    tab = click(tab, button)

    assert tab.title[0].value == "Run details"
    assert sentences(tab) == [f"There is no run {run.id}; it may have been deleted. Another one is shown."]
    assert tab.query_params == {"run": other.id}


def recipe_of(line):
    """The recipe that the command line itself reads from a command."""
    python, dash_m, package, verb, *arguments = line.split()
    assert (python, dash_m, package, verb) == ("python", "-m", "fmnist", "train")
    options = train.make_context("train", arguments).params
    named = {**NAMED, None: Recipe()}[options.pop("name")]
    options.pop("as_json")
    return replace(named, **{name: value for name, value in options.items() if value is not None})


@pytest.mark.parametrize(
    "recipe",
    [*NAMED.values(), replace(NOTEBOOK, seed=3), Recipe(), Recipe(1, 16, 1e-5, 2**32 - 1, "test", 60_000, "muon")],
)
def test_the_command_trains_the_same(desk, recipe):
    assert recipe_of(command(desk.store.add(recipe, "page"))) == recipe


def test_the_command_trains_as_many_epochs_as_the_network_has(desk, run_with_epochs):
    assert command(desk.store.add(NOTEBOOK, "page")) == "python -m fmnist train --recipe notebook --seed 0"
    assert recipe_of(command(run_with_epochs(2, status="stopped", epochs=9))).epochs == 2
    assert recipe_of(command(run_with_epochs(2, status="running", epochs=9))).epochs == 9
    extended = run_with_epochs(1)
    desk.extend(extended.id, 4)
    assert recipe_of(command(desk.store.run(extended.id))).epochs == 5


def test_the_csv_has_every_digit(run_with_epochs):
    run = run_with_epochs(3)
    names, *lines = csv.reader(epochs_as_csv(run.epochs).splitlines())

    assert names == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "test_accuracy", "seconds"]
    assert [tuple(json.loads(value) for value in line) for line in lines] == [astuple(epoch) for epoch in run.epochs]


def test_a_run_is_trained_twice_on_request(visit, desk, run_with_epochs, compute):
    run = run_with_epochs(1)
    tab = click(visit("run", run=run.id), "Train twice and compare")
    assert desk.store.computations.state(run.id, "determinism").status == "waiting"
    compute(run.id)
    tab.run()

    assert sentences(tab) == ["Yes: the two networks are the same to the last bit."]
    assert codes(tab)[1] == bytes(computed_like_real("determinism")["sha256"][0]).hex()


def test_two_networks_that_differ_are_both_named(visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    desk.request(run.id, "determinism")
    assert [desk.store.computations.claim(run.id, "worker") for _ in range(3)][-1] == "determinism"
    sha256 = np.arange(64, dtype=np.uint8).reshape(2, 32)
    desk.store.computations.finish(run.id, "determinism", "worker", {"sha256": sha256})
    tab = visit("run", run=run.id)

    differ = "No: the two networks differ. Floating-point sums in another order differ in their last digits."
    assert sentences(tab) == [differ]
    assert codes(tab)[1].splitlines() == [bytes(each).hex() for each in sha256]


def test_a_run_that_trains_is_not_trained_twice(visit, run_with_epochs):
    tab = visit("run", run=run_with_epochs(1, status="running", epochs=3).id)

    assert "Train twice and compare" not in [button.label for button in tab.button]
