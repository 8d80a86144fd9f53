"""The Record page: everything of one run, whatever the run does."""

import csv
import json
from dataclasses import astuple, replace

import numpy as np
import pytest

from fmnist.commands.train import train
from fmnist.machine import describe
from fmnist.recipe import NAMED, NOTEBOOK, Recipe
from tests.conftest import computed_like_real
from tests.ui.conftest import charts, click, rows, sentences
from ui.record import command, epochs_as_csv

NOBODY = "0" * 32


def facts(tab, table=0):
    """A table of names and facts."""
    return dict(tab.table[table].value.itertuples(index=False, name=None))


def codes(tab):
    return [block.value for block in tab.code]


def downloads(tab):
    return [button.proto.label for button in tab.get("download_button")]


def test_all_that_is_known_of_a_run_is_written_down(visit, desk, train_epochs):
    recipe = Recipe(3, 64, 0.002, 7, "held_out", 20_000)
    run = desk.store.add(recipe, "terminal")
    machine = describe()
    desk.store.claim(run.id, "worker", machine)
    train_epochs(run.id, "worker", 1, 2, 3)
    files = {"network.tflite": b"t" * 354_576, "network.safetensors": b"s" * 350_616, "network.keras": b"k" * 382_551}
    desk.store.finish(run.id, "worker", "succeeded", files)
    tab = visit("record", run=run.id)

    settings = facts(tab)
    assert {name: settings[name] for name in list(settings)[1:]} == {
        "From": "a terminal", "Recipe": "Custom", "Method": "Adam, as in the notebook",
        "Images": "as they are", "Learns from": "the true classes",
        "Epochs": "3 / 3", "Batch size": "64", "Learning rate": "0.002",
        "Training images": "20,000", "Validate on": "The last 5,000 training images", "Seed": "7",
        "Training time": "4 s", "An epoch": "1.5 s",
    }  # fmt: skip
    environment = facts(tab, 1)
    assert environment["Python"] == machine["python"]
    assert environment["Cores, a thread each"] == str(machine["cores"])
    assert machine["packages"].items() <= environment.items()
    numbers = tab.dataframe[0].value
    assert numbers["Epoch"].tolist() == [1, 2, 3]
    assert numbers["Test accuracy"].tolist() == ["74.00%", "87.00%", "91.33%"]
    accuracy, loss = charts(tab)
    assert len(rows(accuracy)) == len(rows(loss)) == 6
    assert downloads(tab) == [
        "Numbers as CSV", "network.tflite (355 kB)", "network.safetensors (351 kB)", "network.keras (383 kB)",
    ]  # fmt: skip
    assert codes(tab)[1].endswith(f"?run={run.id}")
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("browser", ["en", "es"])
def test_runs_of_every_status_are_shown(visit, every_kind_of_run, browser):
    for run in every_kind_of_run.values():
        tab = visit("record", browser, run=run.id)

        assert tab.selectbox(key="choose_run").value == run.id
        assert len(tab.dataframe) == bool(run.epochs)
        assert not tab.warning
        assert codes(tab)[0].startswith("python -m fmnist train ")


@pytest.mark.parametrize(
    ("name", "said", "network"),
    [
        ("finished", "Run 1 is finished, after 4 s of training.", ["network.tflite (0 kB)"]),
        ("stopped early", "Run 3 was stopped before its first epoch ended.", []),
        ("failed", "Run 4 failed.", []),
        ("running", "Run 5 is training.", []),
        ("next", "Run 6 waits. 1 run is before it.", []),
    ],
)
def test_a_run_says_what_it_does_and_whether_there_is_a_network(visit, desk, every_kind_of_run, name, said, network):
    run = every_kind_of_run[name]
    if name == "stopped early":  # its fixture gives it a file
        desk.delete(run.id)
        run = desk.stop(desk.submit(Recipe(), "page").id)
        said = f"Run {run.number} was stopped before its first epoch ended."
    tab = visit("record", run=run.id)

    assert any(line.value.endswith(said) for line in tab.markdown)
    assert [name for name in downloads(tab) if name.startswith("network")] == network
    captions = [caption.value for caption in tab.caption]
    assert ("The files are written when the training ends." in captions) == run.active
    assert ("The run ended without a network." in captions) == (not run.active and not network)


def test_why_a_run_failed_is_said(visit, every_kind_of_run):
    tab = visit("record", run=every_kind_of_run["failed"].id)

    assert sentences(tab) == ["The loss became nan in epoch 1. Choose a lower learning rate and train again."]


def test_a_run_that_trains_is_followed(visit, desk, run_with_epochs, train_epochs):
    run = run_with_epochs(1, status="running", epochs=3)
    tab = visit("record", run=run.id)
    assert facts(tab)["Epochs"] == "1 / 3"
    train_epochs(run.id, "worker", 2)
    tab.run()

    assert facts(tab)["Epochs"] == "2 / 3"
    assert [len(rows(chart)) for chart in charts(tab)] == [4, 4]
    train_epochs(run.id, "worker", 3)
    desk.store.finish(run.id, "worker", "succeeded", {"network.keras": b"k" * 1_000})
    tab.run()
    assert "network.keras (1 kB)" in downloads(tab)


def test_after_more_epochs_the_files_are_weighed_anew(visit, desk, run_with_epochs, train_epochs):
    run = run_with_epochs(1, files={"network.keras": b"k" * 1_000})
    assert "network.keras (1 kB)" in downloads(visit("record", run=run.id))
    desk.extend(run.id, 1)
    desk.store.claim(run.id, "worker", {})
    train_epochs(run.id, "worker", 2)
    desk.store.finish(run.id, "worker", "succeeded", {"network.keras": b"k" * 2_000})

    assert "network.keras (2 kB)" in downloads(visit("record", run=run.id))


@pytest.mark.parametrize("run_id", [NOBODY, "x", "../../etc/passwd"])
def test_a_run_that_is_gone_is_explained(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("record", run=run_id)
    assert sentences(tab) == [f"There is no run {run_id}; it may have been deleted. Another one is shown."]
    assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize(
    ("button", "title"),
    [
        ("Ask this network", "Ask the network"),
        ("What it gets wrong", "Evaluate a network"),
        ("Stop, train on or delete", "Train a network"),
    ],
)
def test_a_run_leads_to_the_other_pages_and_back(visit, run_with_epochs, button, title):
    run, _newer = run_with_epochs(1), run_with_epochs(1)
    tab = click(visit("record", run=run.id), button)

    assert tab.title[0].value == title
    assert tab.query_params == {"run": run.id}
    if title == "Train a network":
        assert click(tab, "All about this run").title[0].value == "Everything about a run"
        assert tab.query_params == {"run": run.id}


@pytest.mark.parametrize("button", ["Ask this network", "What it gets wrong", "Stop, train on or delete"])
def test_a_click_on_a_run_that_was_just_deleted_does_not_lead_to_another(visit, desk, run_with_epochs, button):
    run, other = run_with_epochs(1), run_with_epochs(1)
    tab = visit("record", run=run.id)
    desk.delete(run.id)
    tab = click(tab, button)

    assert tab.title[0].value == "Everything about a run"
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


def test_a_run_is_trained_twice_when_somebody_asks(visit, desk, run_with_epochs, compute):
    run = run_with_epochs(1)
    tab = click(visit("record", run=run.id), "Train twice and compare")
    assert desk.store.computations.state(run.id, "repetition").status == "waiting"
    compute(run.id)
    tab.run()

    assert sentences(tab) == ["Yes: the two networks are the same to the last bit."]
    assert codes(tab)[1] == bytes(computed_like_real("repetition")["sha256"][0]).hex()


def test_two_networks_that_differ_are_both_named(visit, desk, run_with_epochs):
    run = run_with_epochs(1)
    desk.request(run.id, "repetition")
    assert [desk.store.computations.claim(run.id, "worker") for _ in range(3)][-1] == "repetition"
    sha256 = np.arange(64, dtype=np.uint8).reshape(2, 32)
    desk.store.computations.finish(run.id, "repetition", "worker", {"sha256": sha256})
    tab = visit("record", run=run.id)

    assert sentences(tab) == ["No: the two networks differ; the sums were added up in another order."]
    assert codes(tab)[1].splitlines() == [bytes(each).hex() for each in sha256]


def test_a_run_that_trains_is_not_trained_twice(visit, run_with_epochs):
    tab = visit("record", run=run_with_epochs(1, status="running", epochs=3).id)

    assert "Train twice and compare" not in [button.label for button in tab.button]
