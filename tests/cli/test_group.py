import sqlite3
from pathlib import Path

import pytest

from fmnist.runs.schema import VERSION


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train", "--epochs", 0), "epochs is 0; choose a whole number from 1 to 200."),
        (("train", "--learning-rate", "nan"), "learning_rate is nan; choose a number from 1e-05 to 1."),
        (("train", "--recipe", "notebook", "--validation", "held_out"), "choose at most 55,000."),
        (("evaluate",), "No run has a finished epoch; train one: python -m fmnist train."),
        (("evaluate", 7), "There is no run 7; it may have been deleted."),
        (("evaluate", "0" * 32), "There is no run 00000000000000000000000000000000; it may have been deleted."),
        (("predict", 1, "--run", "../runs"), "'../runs' names no run; give a run's number, or its id"),
        (("export", "ABC"), "'ABC' names no run; give a run's number, or its id"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_2(command, arguments, sentence):
    result = command(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sentence in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("index", [-1, "one", 10_000, 10**30])
def test_an_index_outside_the_test_set_is_refused(command, trained, index):
    trained()
    result = command("predict", index)
    assert result.exit_code == 2
    assert str(index) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("epoch", [0, 4, 10**30])
@pytest.mark.parametrize("arguments", [("evaluate",), ("predict", 1)])
def test_an_epoch_that_the_run_does_not_have_is_refused(command, trained, arguments, epoch):
    trained(epochs=3)
    result = command(*arguments, "--epoch", epoch)
    assert (result.exit_code, result.stderr) == (
        2,
        f"Error: Run 1 has no network of epoch {epoch}; choose one of these: 1–3.\n",
    )


@pytest.mark.parametrize("arguments", [("runs",), ("evaluate",), ("train",)])
def test_a_store_of_another_layout_is_refused(command, store, tmp_path: Path, arguments):
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    result = command(*arguments)
    assert result.exit_code == 2
    assert f"The run store has layout version 99; this program reads version {VERSION}." in result.stderr


def test_a_store_that_cannot_be_written_takes_no_run(command, store, tmp_path: Path):
    # Root may write a file that says it is read-only, but nobody can make SQLite's journal where a folder is.
    (tmp_path / "runs.sqlite3-journal").mkdir()
    result = command("train")
    assert result.exit_code == 2
    assert "cannot be used" in result.stderr
    assert "name another store with FMNIST_DATABASE_URL" in result.stderr


@pytest.mark.parametrize("url", ["sqlite:////proc/fmnist/runs.sqlite3", "mysql://server/runs", "nonsense"])
def test_a_store_that_cannot_be_opened_is_refused(command, monkeypatch, url):
    monkeypatch.setenv("FMNIST_DATABASE_URL", url)
    result = command("runs")
    assert result.exit_code == 2
    assert "FMNIST_DATABASE_URL" in result.stderr


def test_a_wrong_environment_is_refused(command, monkeypatch):
    monkeypatch.setenv("FMNIST_WORKERS", "many")
    result = command("runs")
    assert result.exit_code == 2
    assert "FMNIST_WORKERS is 'many'; it must be 'local' or 'external'." in result.stderr
