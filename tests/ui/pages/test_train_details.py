"""The details of a run on Train: everything of it, whatever the run does."""

import csv
import json
from dataclasses import astuple, replace

import numpy as np
import pytest

from fmnist.cli.train import train
from fmnist.recipe import NAMED, NOTEBOOK, Recipe
from fmnist.runs.record import Claim
from fmnist.system.hardware import describe
from tests.conftest import claim, computed_like_real
from tests.ui.conftest import charts, click, rows, sentences
from tests.ui.pages.train_page import block, status
from ui.views.run.facts import commands, epochs_as_csv

NOBODY = "0" * 32


def facts(tab, table=0):
    """A table of names and facts; that of the layers is before them."""
    return dict(tab.table[1 + table].value.itertuples(index=False, name=None))


def codes(tab):
    """The addresses and commands, not the lines of Python beside each file."""
    return [block.value for block in tab.code if block.language != "python"]


def downloads(tab):
    return [button.proto.label for button in tab.get("download_button")]


def test_all_that_is_known_of_a_run_is_written_down(visit, store, train_epochs):
    recipe = Recipe(3, 64, 0.002, 7, "held_out", 20_000)
    run = store.submit(recipe, "terminal")
    machine = describe()
    claim(store, run.id, "worker", machine)
    train_epochs(run.id, "worker", 1, 2, 3)
    store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
    tab = visit("train", train_view="details", run=run.id)

    settings = facts(tab)
    assert {name: settings[name] for name in list(settings)[1:]} == {
        "Origin": "a terminal", "Recipe": "Custom", "Optimizer": "Adam, as in the notebook",
        "Data augmentation": "no", "Knowledge distillation": "no", "Loss function": "cross-entropy",
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
    (loss,) = charts(tab)
    assert len(rows(loss)) == 6
    assert [label.partition(" (")[0] for label in downloads(tab)] == [
        "Epochs as CSV", *(f"run-1-epoch-3.{ending}" for ending in ("tflite", "safetensors", "keras"))
    ]  # fmt: skip
    assert downloads(tab)[1] == "run-1-epoch-3.tflite (355 kB)"
    assert tab.query_params == {"run": run.id, "train_view": "details"}


@pytest.mark.parametrize("browser", ["en", "es"])
def test_runs_of_every_status_are_shown(visit, every_kind_of_run, browser):
    for run in every_kind_of_run.values():
        tab = visit("train", browser, train_view="details", run=run.id)

        assert tab.selectbox(key="choose_run").value == run.id
        assert len(tab.dataframe) == bool(run.epochs) + 1  # the last one lists all runs
        assert not tab.warning
        assert codes(tab)[0].startswith("python -m fmnist train ")


@pytest.mark.parametrize(
    ("name", "has_network"),
    [("succeeded", True), ("stopped early", False), ("failed", False), ("running", True), ("next", True)],
)
def test_the_files_of_a_run_are_those_of_its_network(visit, every_kind_of_run, name, has_network):
    run = every_kind_of_run[name]
    tab = visit("train", train_view="details", run=run.id)

    files = [label.partition(" (")[0] for label in downloads(tab) if label.startswith("run-")]
    endings = ("tflite", "safetensors", "keras") if has_network else ()
    assert files == [f"run-{run.number}-epoch-{len(run.epochs)}.{ending}" for ending in endings]
    captions = [caption.value for caption in tab.caption]
    assert ("The run ended without a network." in captions) == (not has_network)


def test_a_run_that_trains_is_followed(visit, store, run_with_epochs, train_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    tab = visit("train", train_view="details", run=run.id)
    assert facts(tab)["Epochs"] == "1 / 3"
    train_epochs(run.id, "worker", 2)
    tab.run()

    assert facts(tab)["Epochs"] == "2 / 3"
    (loss,) = charts(tab)
    assert len(rows(loss)) == 4
    train_epochs(run.id, "worker", 3)
    store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
    tab.run()
    assert facts(tab)["Epochs"] == "3 / 3"


@pytest.mark.parametrize("run_id", [NOBODY, "x", "../../etc/passwd"])
def test_a_run_that_is_gone_is_explained(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("train", train_view="details", run=run_id)
    assert sentences(tab) == [f"There is no run {run_id}; it may have been deleted. Another one is shown."]
    assert tab.query_params == {"run": run.id, "train_view": "details"}


def test_the_details_take_the_place_of_the_curve_until_something_is_trained(visit, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("train", run=run.id)
    assert not block(tab)["status_only"]
    tab.button_group(key="choose_train_view").set_value("details").run()

    assert block(tab)["status_only"]
    assert status(tab).startswith("74.0% of the test images classified correctly")
    assert tab.query_params == {"run": run.id, "train_view": "details"}
    click(tab, "Train")
    assert not block(tab)["status_only"]
    assert "train_view" not in tab.query_params


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
def test_the_command_trains_the_same(store, recipe):
    assert [recipe_of(line) for line in commands(store.submit(recipe, "page"))] == [recipe]


def test_the_command_trains_as_many_epochs_as_the_network_has(store, run_with_epochs):
    assert commands(store.submit(NOTEBOOK, "page")) == ["python -m fmnist train --recipe notebook --seed 0"]
    assert recipe_of(*commands(run_with_epochs(2, status="stopped", epochs=9))).epochs == 2
    assert recipe_of(*commands(run_with_epochs(2, status="running", epochs=9))).epochs == 9
    extended = run_with_epochs(1)
    store.extend(extended.id, 4)
    assert recipe_of(*commands(store.run(extended.id))).epochs == 5


def test_each_later_learning_rate_has_a_command(store, run_with_epochs, train_epochs, visit):
    run = run_with_epochs(2)
    store.extend(run.id, 3, 0.002)
    first, second = commands(store.run(run.id))
    assert recipe_of(first).epochs == 2
    assert second == "python -m fmnist resume RUN --more 3 --learning-rate 0.002"
    tab = visit("train", train_view="details", run=run.id)
    assert codes(tab) == [f"{first}\n{second}"]


def test_the_csv_has_every_digit(run_with_epochs):
    run = run_with_epochs(3)
    names, *lines = csv.reader(epochs_as_csv(run.epochs).splitlines())

    assert names == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "test_accuracy", "seconds"]
    assert [tuple(json.loads(value) for value in line) for line in lines] == [astuple(epoch) for epoch in run.epochs]


def test_a_run_is_trained_twice_on_request(visit, store, run_with_epochs, compute):
    run = run_with_epochs(1)
    tab = click(visit("train", train_view="details", run=run.id), "Train twice and compare")
    assert store.jobs.state(run.id, "determinism").status == "queued"
    compute(run.id)
    tab.run()

    assert sentences(tab) == ["Yes: the two networks are the same to the last bit."]
    assert codes(tab)[1] == bytes(computed_like_real("determinism")["sha256"][0]).hex()


def test_two_networks_that_differ_are_both_named(visit, store, run_with_epochs):
    run = run_with_epochs(1)
    store.jobs.request(run.id, "determinism")
    assert [claim(store, run.id) for _ in range(3)][-1] == "determinism"
    sha256 = np.arange(64, dtype=np.uint8).reshape(2, 32)
    store.jobs.finish(Claim(run.id, "determinism", "worker"), "succeeded", result={"sha256": sha256})
    tab = visit("train", train_view="details", run=run.id)

    differ = "No: the two networks differ. Floating-point sums in another order differ in their last digits."
    assert sentences(tab) == [differ]
    assert codes(tab)[1].splitlines() == [bytes(each).hex() for each in sha256]


def test_a_run_that_trains_is_not_trained_twice(visit, run_with_epochs):
    tab = visit("train", train_view="details", run=run_with_epochs(1, status="running", epochs=3).id)

    assert "Train twice and compare" not in [button.label for button in tab.button]
