import json
from pathlib import Path

import pytest

from fmnist.errors import Diverged
from fmnist.recipe import NOTEBOOK, Recipe
from fmnist.runs.export import ENDINGS, network_file
from fmnist.runs.record import Claim
from fmnist.types import EpochMetrics
from tests.cli.conftest import WEIGHTS, certain_logits
from tests.conftest import claim

REMEDY = "Make room, allow writing, or name another file, in a folder that exists, with --output."


def test_a_new_machine_has_what_came_with_the_project(project_run, command):
    (only,) = json.loads(command("runs", "--json").stdout)
    assert (only["run"], only["recipe"], only["origin"]) == (0, "best", "project")
    assert json.loads(command("predict", 169, "--json").stdout)["predicted_class"] == "Pullover"


def test_lists_every_run_the_newest_first(command, store, trained):
    done, waiting = trained(recipe=NOTEBOOK), store.submit(Recipe(), "terminal")
    head, first, second = command("runs").stdout.splitlines()
    assert first.split() == [
        str(waiting.number),
        waiting.id[:8],
        waiting.recipe.name,
        "queued",
        "0/5",
        "–",
        "–",
        "0",
        "s",
    ]
    assert second.split() == [
        str(done.number), done.id[:8], "notebook", "succeeded", "3/10", "0.8300", "0.7300", "30", "s"
    ]  # fmt: skip
    assert len({len(line.rstrip()) - len(line.rstrip().split("  ")[-1]) for line in (head, first, second)}) == 1


def test_json_says_all_that_a_program_may_ask(command, store, trained):
    trained()
    failed = store.submit(Recipe(seed=7), "terminal")
    claim(store, failed.id, "w")
    store.jobs.finish(
        Claim(failed.id, "training", "w"), "failed", failure=Diverged("The loss became {loss}.", loss=float("nan"))
    )
    first, second = json.loads(command("runs", "--json").stdout)
    assert (first["id"], first["status"], first["failure"]) == (failed.id, "failed", "The loss became nan.")
    assert first["settings"]["seed"] == 7
    assert first["val_accuracy"] is first["learned_nothing"] is None
    assert second["learned_nothing"] is False
    assert (second["epochs"], second["target_epochs"], second["seconds"]) == (3, 3, 30.0)
    assert (second["val_accuracy"], second["test_accuracy"]) == (pytest.approx(0.83), pytest.approx(0.73))


@pytest.mark.parametrize("file_format", ENDINGS)
def test_every_network_is_exported_in_every_format(project_run, command, store, tmp_path, monkeypatch, file_format):
    monkeypatch.chdir(tmp_path)
    assert command("export", 0, "--format", file_format).exit_code == 0
    run = store.runs()[-1]
    content = network_file(file_format, store.weights(run.id, 100))
    assert Path(f"run-0-epoch-100.{ENDINGS[file_format]}").read_bytes() == content
    assert command("export", "--format", file_format, "--output", "-").stdout_bytes == content


def test_an_epoch_is_exported_while_its_run_trains(command, trained, store, tmp_path):
    run = trained(epochs=3)
    store.extend(run.id, 5)
    assert command("export", run.id, "--epoch", 2, "--output", tmp_path / "mine.tflite").exit_code == 0
    assert (tmp_path / "mine.tflite").read_bytes() == network_file("litert", store.weights(run.id, 2))


def test_a_failed_run_gives_the_files_and_answers_of_its_last_epoch(command, trained, store, tmp_path):
    run = trained(epochs=2, status="failed")
    assert command("export", "--output", tmp_path / "mine.tflite").exit_code == 0
    assert (tmp_path / "mine.tflite").read_bytes() == network_file("litert", store.weights(run.id, 2))
    assert json.loads(command("evaluate", "--json").stdout)["epoch"] == 2
    assert json.loads(command("predict", 169, "--json").stdout)["epoch"] == 2


def test_a_run_that_learned_nothing_is_called_so_wherever_it_is_shown(command, store, dataset, tmp_path, as_worker):
    def train(run) -> None:
        numbers = EpochMetrics(1, 2.3, 0.1, 2.3, 0.1, 0.1, 10.0)
        store.record_epoch(Claim(run.id, "training", "w"), numbers, WEIGHTS, certain_logits(dataset), {})
        store.jobs.finish(Claim(run.id, "training", "w"), "stopped")

    as_worker(train)
    sentence = "The network of run 1 learned nothing: after epoch 1 the test accuracy is 10.0%"
    assert sentence in command("train").stdout
    assert sentence in command("evaluate").stdout
    assert sentence in command("predict", 169).stdout
    assert sentence in command("export", "--output", tmp_path / "mine.tflite").stderr
    assert command("runs").stdout.splitlines()[1].endswith("10 s  learned nothing")
    for arguments in (["predict", 169], ["evaluate"]):
        assert json.loads(command(*arguments, "--json").stdout)["learned_nothing"] is True
    assert json.loads(command("runs", "--json").stdout)[0]["learned_nothing"] is True


def test_export_of_a_run_that_trains_says_when_there_will_be_a_file(command, store, trained, tmp_path):
    run = trained()
    store.extend(run.id, 5)
    claim(store, run.id, "w")
    newest = store.submit(Recipe(), "page")
    result = command("export", newest.number, "--output", tmp_path / "x")
    assert result.exit_code == 2
    assert f"Run {newest.number} is queued and has no finished epoch" in result.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("output", "reason"),
    [("none/x", "No such file or directory"), (".", "Is a directory"), ("x" * 300, "File name too long")],
)
def test_a_file_that_cannot_be_written_is_one_sentence(command, trained, tmp_path, monkeypatch, output, reason):
    trained()
    monkeypatch.chdir(tmp_path)
    result = command("export", "--output", output)
    assert (result.exit_code, result.stderr) == (2, f"Error: {output} cannot be written: {reason}. {REMEDY}\n")
    assert {path.name for path in tmp_path.iterdir()} == {"runs.sqlite3", "runs.sqlite3-reserve"}


def test_a_device_stays_a_device(command, trained):
    trained()
    assert command("export", "--output", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    result = command("export", "--output", "/dev/full")
    assert result.stderr == f"Error: /dev/full cannot be written: No space left on device. {REMEDY}\n"
