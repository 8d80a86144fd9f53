import os
import platform
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fmnist import doctor
from fmnist.data import sources
from fmnist.data.dataset import load_dataset
from fmnist.doctor import Finding, examine
from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.system import hardware


@pytest.fixture(autouse=True)
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/runs.sqlite3"
    monkeypatch.setenv("FMNIST_DATABASE_URL", url)
    monkeypatch.delenv("FMNIST_WORKERS", raising=False)
    return url


@pytest.fixture(autouse=True, scope="module")
def _data() -> None:
    load_dataset(Settings.from_environment())


@pytest.fixture
def store(database_url: str):
    with closing(Store(database_url)) as opened:
        yield opened


def found(subject: str) -> Finding:
    return next(finding for finding in examine() if finding.subject == subject)


def test_a_machine_that_has_everything_is_well(tmp_path):
    findings = examine()
    assert [finding.subject for finding in findings] == ["versions", "processor", "paths", "data", "store", "workers"]
    assert all(finding.well for finding in findings)
    assert list(tmp_path.iterdir()) == [], "the doctor made something"


def test_counts_the_runs(store):
    store.submit(Recipe(), "page")
    store.request_stop(store.submit(Recipe(), "page").id)
    assert found("store").details["runs"] == {"queued": 1, "stopped": 1}
    assert "1 queued, 1 stopped" in found("store").text


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE jobs SET status = 'nonsense'", "run 1"),
        ("UPDATE checkpoints SET weights = 'abc' WHERE epoch = 2", "run 1 after epoch 2"),
        ("UPDATE checkpoints SET test_logits = x'00' WHERE epoch = 1", "run 1 after epoch 1"),
        ("UPDATE held_out_logits SET logits = 7 WHERE epoch = 1", "run 1 after epoch 1"),
        ("UPDATE training_states SET state = x''", "run 1 after epoch 2"),
    ],
)
def test_what_is_damaged_in_the_store_is_counted_and_named(store, run_with_epochs, tmp_path, damage, named):
    run_with_epochs(2)
    with closing(sqlite3.connect(tmp_path / "runs.sqlite3")) as connection, connection:
        connection.execute(damage)

    assert found("store").text.endswith(f"1 damaged: {named}")
    assert found("store").remedy.startswith("Delete the damaged runs on the page Train and train them anew")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(hardware, "PACKAGES", ("numpy",))
    finding = found("versions")
    assert "missing: tensorflow, keras" in finding.text
    assert finding.remedy == doctor.INSTALL


def test_a_damaged_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    (tmp_path / sources.TEST_LABELS.archive).write_bytes(b"no gzip")
    finding = found("data")
    assert not finding.well
    assert str(tmp_path) in finding.text
    assert sources.TEST_LABELS.archive in finding.text


def test_data_that_is_not_here_is_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    finding = found("data")
    assert finding.remedy == "Fetch it: python -m fmnist data"
    assert finding.details == {}


def test_a_newer_store_is_said_with_the_remedy(store, tmp_path):
    with closing(sqlite3.connect(tmp_path / "runs.sqlite3", isolation_level=None)) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    assert "has layout version 99" in found("store").remedy
    assert found("data").well


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_folder_of_ones_own_without_the_files_is_wrong(tmp_path, monkeypatch, folder):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / folder))
    finding = found("data")
    assert f"{tmp_path / folder}" in finding.text
    assert finding.remedy == "Put the published files there; those elsewhere are used meanwhile."
    assert set(finding.details) == {file.archive for file in sources.FILES}


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/version", "sqlite:////proc/none/runs", "sqlite:////sys/runs", "mysql://server/runs", "x"]
)
def test_a_store_that_cannot_be_opened_is_said(monkeypatch, url):
    monkeypatch.setenv("FMNIST_DATABASE_URL", url)
    assert "FMNIST_DATABASE_URL" in found("store").remedy


def test_a_store_that_cannot_be_written_is_said(store, tmp_path):
    # Root may write a file that says it is read-only, but nobody can make SQLite's journal where a folder is.
    (tmp_path / "runs.sqlite3-journal").mkdir()
    assert "allow writing" in found("store").remedy


def test_a_file_that_is_no_store_is_said(tmp_path):
    (tmp_path / "runs.sqlite3").write_bytes(b"a letter to the editor" * 100)
    assert "file is not a database" in found("store").remedy
    assert "doctor" not in found("store").remedy


def test_waiting_runs_without_an_external_worker_are_wrong(store, monkeypatch):
    store.submit(Recipe(), "page")
    assert found("workers").well
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    assert found("workers").remedy == "FMNIST_WORKERS is external: start one with python -m fmnist worker"
    with closing(store.leases.lease("worker")) as lease:
        lease.keep()
        assert found("workers").text.startswith(f"alive: process {os.getpid()} on {platform.node()}; log ")
        assert found("workers").well


def test_a_wrong_environment_is_said(monkeypatch):
    monkeypatch.setenv("FMNIST_WORKERS", "many")
    assert "it must be 'local' or 'external'" in found("settings").text
    assert not found("settings").well


def test_a_defect_of_the_doctor_is_a_finding_too(monkeypatch):
    monkeypatch.setattr(hardware, "describe", lambda: {}["nothing"])
    assert found("processor").remedy == "Report this defect: KeyError: 'nothing'"
