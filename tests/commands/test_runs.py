import json
from pathlib import Path

import pytest

from fmnist.commands.runs import duration
from fmnist.errors import Diverged
from fmnist.recipe import NOTEBOOK, Recipe


def test_a_new_machine_has_what_came_with_the_project(project_run, command):
    (only,) = json.loads(command("runs", "--json").stdout)
    assert (only["run"], only["recipe"], only["origin"]) == (0, "best", "project")
    assert json.loads(command("predict", 169, "--json").stdout)["predicted_class"] == "Pullover"


def test_lists_every_run_the_newest_first(command, store, trained):
    done, waiting = trained(recipe=NOTEBOOK), store.add(Recipe(), "terminal")
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
    failed = store.add(Recipe(seed=7), "terminal")
    store.claim(failed.id, "w", {})
    store.finish(failed.id, "w", "failed", failure=Diverged("The loss became {loss}.", loss=float("nan")))
    first, second = json.loads(command("runs", "--json").stdout)
    assert (first["id"], first["status"], first["failure"]) == (failed.id, "failed", "The loss became nan.")
    assert first["settings"]["seed"] == 7
    assert first["val_accuracy"] is None
    assert (second["epochs"], second["target_epochs"], second["seconds"]) == (3, 3, 30.0)
    assert (second["val_accuracy"], second["test_accuracy"]) == (pytest.approx(0.83), pytest.approx(0.73))


@pytest.mark.parametrize(("kind", "name"), [("litert", "tflite"), ("safetensors", "safetensors")])
def test_export_writes_the_file_that_the_store_holds(command, trained, tmp_path, monkeypatch, kind, name):
    run = trained()
    monkeypatch.chdir(tmp_path)
    result = command("export", run.number, "--format", kind)
    assert result.exit_code == 0
    assert Path(f"run-{run.number}.{name}").read_bytes() == kind.encode()


def test_export_writes_where_it_is_told(command, trained, tmp_path):
    run = trained()
    command("export", run.id, "--output", tmp_path / "mine.tflite")
    assert (tmp_path / "mine.tflite").read_bytes() == b"litert"
    assert command("export", "--output", "-").stdout_bytes == b"litert"


def test_export_of_a_run_that_trains_says_when_there_will_be_a_file(command, store, trained, tmp_path):
    run = trained()
    store.extend(run.id, 5)
    store.claim(run.id, "w", {})
    newest = store.add(Recipe(), "page")
    result = command("export", newest.number, "--output", tmp_path / "x")
    assert result.exit_code == 2
    assert f"Run {newest.number} is queued and has no finished epoch" in result.stderr
    assert not (tmp_path / "x").exists()


def test_export_to_a_folder_that_is_not_there_says_so(command, trained, tmp_path):
    trained()
    result = command("export", "--output", tmp_path / "none" / "x")
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59.6, "1 min 00 s"), (206, "3 min 26 s")])
def test_seconds_as_people_say_them(seconds, words):
    assert duration(seconds) == words
