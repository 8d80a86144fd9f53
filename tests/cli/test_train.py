import json
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from fmnist.errors import Diverged
from fmnist.recipe import BEST, FAST, NOTEBOOK, Recipe
from fmnist.runs.record import Claim
from fmnist.runs.supervisor import worker_log
from fmnist.types import Progress
from tests.cli.conftest import certain_logits, record_epoch, workers
from tests.conftest import claim, wait_until


def test_a_run_is_told_as_keras_tells_it(command, store, dataset, as_worker):
    def train(run) -> None:
        for number in (1, 2):
            store.jobs.record_progress(Claim(run.id, "training", "w"), Progress(number, 3, 10, 0.6, 0.7, 1000.0, 2.0))
            record_epoch(store, run.id, number, certain_logits(dataset))
        store.jobs.finish(Claim(run.id, "training", "w"), "succeeded")

    as_worker(train)
    result = command("train", "--epochs", 2)
    run = store.runs()[0]
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Epoch 1/2  10s  loss: 0.5000 - accuracy: 0.8000 - val_loss: 0.4000 - val_accuracy: 0.8100",
        "Epoch 2/2  10s  loss: 0.2500 - accuracy: 0.8000 - val_loss: 0.2000 - val_accuracy: 0.8200",
        f"Validation accuracy 0.8200, test accuracy 0.7200, 20 s of training: run 1 ({run.id})",
    ]
    assert (run.origin, run.recipe) == ("terminal", Recipe(epochs=2))


def test_a_failure_is_said_and_is_exit_code_1(command, store, as_worker):
    failure = Diverged("The loss became {loss} in epoch {epoch}.", loss=float("nan"), epoch=1)
    as_worker(lambda run: store.jobs.finish(Claim(run.id, "training", "w"), "failed", failure=failure))
    result = command("train", "--learning-rate", 1.0)
    assert result.exit_code == 1
    assert "failed in its first epoch; no network is kept." in result.stdout
    assert result.stderr.endswith("Error: The loss became nan in epoch 1.\n")


def test_a_run_that_is_deleted_meanwhile_is_missed(command, store, as_worker):
    def delete(run) -> None:
        store.jobs.release(Claim(run.id, "training", "w"))
        store.delete(run.id)

    as_worker(delete)
    result = command("train")
    assert result.exit_code == 2
    assert "There is no run" in result.stderr


def test_says_how_many_runs_are_ahead(start, store):
    store.submit(Recipe(), "page")
    with closing(store.leases.lease("worker")) as worker:
        worker.keep()
        process = start("train", FMNIST_WORKERS="external")
        assert process.stderr.readline() == "Run 2 is queued; runs ahead of it: 1.\n"
        store.request_stop(store.runs()[0].id)
        assert process.wait() == 130


@pytest.mark.parametrize(
    ("options", "recipe", "name"),
    [
        ((), Recipe(), Recipe().name),
        (("--recipe", "notebook"), NOTEBOOK, "notebook"),
        (("--recipe", "notebook", "--seed", 3), replace(NOTEBOOK, seed=3), "notebook"),
        (("--recipe", "notebook", "--epochs", 2), replace(NOTEBOOK, epochs=2), "custom"),
        (("--optimizer", "muon"), Recipe(learning_rate=FAST.learning_rate, optimizer="muon"), "custom"),
        (
            ("--recipe", "notebook", "--optimizer", "muon"),
            replace(NOTEBOOK, learning_rate=0.06, optimizer="muon"),
            "custom",
        ),
        (("--recipe", "best", "--optimizer", "adam"), replace(BEST, learning_rate=0.001, optimizer="adam"), "custom"),
        (("--recipe", "best", "--optimizer", "muon"), BEST, "best"),
        (("--optimizer", "muon", "--learning-rate", 0.001), Recipe(learning_rate=0.001, optimizer="muon"), "custom"),
        (
            ("--batch-size", 64, "--learning-rate", 0.01, "--validation", "test", "--training-images", 60_000),
            Recipe(batch_size=64, learning_rate=0.01, validation="test", training_images=60_000),
            "custom",
        ),
    ],
)
def test_asks_for_the_recipe_that_the_options_name(command, store, as_worker, options, recipe, name):
    as_worker(lambda run: store.jobs.finish(Claim(run.id, "training", "w"), "stopped"))
    command("train", *options)
    run = store.runs()[0]
    assert (run.recipe, run.recipe.name) == (recipe, name)


@pytest.mark.thorough
def test_trains_in_a_worker_goes_on_after_a_failure_and_leaves_no_worker_behind(start, store, database_url):
    program = """
import sys
from fmnist.__main__ import main
from tests.conftest import wait_until
try:
    main(sys.argv[1:])
finally:
    assert not {"tensorflow", "keras"} & sys.modules.keys()
"""
    page = store.leases.lease("server")
    page.keep()
    process = start("train", "--training-images", 500, "--epochs", 2, "--json", program=("-c", program))
    stdout, stderr = process.communicate(timeout=300)
    assert workers(database_url), "the page's store has no worker, or the output came only after the worker had gone"
    assert process.returncode == 0, stderr
    assert "a new one loads TensorFlow first" in stderr
    first, second, end = map(json.loads, stdout.splitlines())
    run = store.run(end["id"])
    assert (first["event"], first["run"], first["epoch"], second["epoch"]) == ("epoch", run.number, 1, 2)
    assert second["val_accuracy"] == run.epochs[1].val_accuracy
    assert (end["event"], end["status"], end["test_accuracy"]) == ("end", "succeeded", run.epochs[1].test_accuracy)

    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE runs SET target_epochs = 3")
        connection.execute("UPDATE jobs SET status = 'failed' WHERE name = 'training'")
    connection.close()
    process = start("resume", run.number, "--json")
    stdout, stderr = process.communicate(timeout=300)
    page.close()
    assert process.returncode == 0, stderr
    third, end = map(json.loads, stdout.splitlines())
    resumed = store.run(run.id)
    assert (third["epoch"], end["status"], resumed.status) == (3, "succeeded", "succeeded")
    assert resumed.epochs[:2] == run.epochs
    wait_until(lambda: not workers(database_url))


def test_a_worker_that_cannot_start_is_said_with_its_log(start, database_url, tmp_path):
    (tmp_path / "tensorflow.py").write_text("raise ImportError('no such processor')")
    process = start("train", PYTHONPATH=str(tmp_path))
    stderr = [process.stderr.readline() for _ in range(3)]
    assert any(line.startswith("The worker cannot load its packages: no such processor.") for line in stderr)
    assert any(f"A worker ended with exit code 2; see {worker_log(database_url)}" in line for line in stderr)
    assert "Traceback" not in worker_log(database_url).read_text()


@pytest.mark.thorough
def test_ctrl_c_keeps_the_network_and_leaves_no_worker(start, store, database_url):
    process = start("train", "--training-images", 500, "--epochs", 200)
    line = process.stdout.readline()
    assert line.startswith("Epoch 1/200 ")
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=300)
    run = store.runs()[0]
    assert (process.returncode, run.status) == (0, "stopped"), stderr
    assert "Stopping; the network of the last finished epoch will be kept." in stderr
    assert f"The run stopped; the network of epoch {len(run.epochs)} of 200 is kept." in stdout
    assert "Traceback" not in stderr
    wait_until(lambda: not workers(database_url))


def test_ctrl_c_before_the_first_epoch_keeps_nothing(start, store):
    process = start("train", FMNIST_WORKERS="external")
    assert "FMNIST_WORKERS is external" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=300)
    assert (process.returncode, store.runs()[0].status) == (130, "stopped"), stderr
    assert "stopped in its first epoch; no network is kept." in stdout


def test_a_second_ctrl_c_does_not_wait(start, store):
    process = start("train", FMNIST_WORKERS="external")
    process.stderr.readline()
    worker = store.leases.lease("worker")  # it takes the run, and does not hear
    worker.keep()
    claim(store, store.runs()[0].id, worker.process.id)
    process.send_signal(signal.SIGINT)
    wait_until(lambda: store.runs()[0].stop_requested)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "Aborted!" in stderr
    assert "Traceback" not in stderr
    worker.close()
