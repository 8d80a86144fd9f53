import json

import pytest

from fmnist.data import sources
from fmnist.recipe import Recipe
from fmnist.runs.schema import VERSION


def test_all_is_well(command, dataset, store):
    result = command("doctor")
    assert result.exit_code == 0
    assert "WRONG" not in result.stdout
    assert f"can be written, version {VERSION}, no run yet" in result.stdout


def test_what_is_wrong_comes_with_what_to_do(command, store, monkeypatch):
    store.submit(Recipe(), "page")
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    result = command("doctor")
    assert result.exit_code == 1
    assert "WRONG  workers    none is alive, though jobs are queued\n" in result.stdout
    assert "→ FMNIST_WORKERS is external: start one with python -m fmnist worker\n" in result.stdout


def test_json_says_the_same(command, dataset):
    findings = json.loads(command("doctor", "--json").stdout)
    assert {finding["subject"] for finding in findings} >= {"versions", "processor", "data", "store", "workers"}
    assert all(finding["well"] for finding in findings)


@pytest.fixture
def no_data(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path / "none")


@pytest.mark.parametrize(
    "variables",
    [
        *(
            {"FMNIST_DATABASE_URL": url}
            for url in (
                "sqlite:////proc/none/runs.sqlite3",
                "sqlite:////dev/full",
                "sqlite:///file",
                "sqlite:///file/none/runs.sqlite3",
                f"sqlite:////tmp/{'x' * 10_000}/runs.sqlite3",
                "sqlite:///runs?timeout=soon",
                "postgresql://127.0.0.1:1/runs?user=\udcff",
            )
        ),
        {"FMNIST_DATABASE_URL": "", "XDG_DATA_HOME": "/proc/none"},
        {"FMNIST_WORKERS": "many"},
        {"XDG_CACHE_HOME": "/proc/none"},
        {"XDG_CACHE_HOME": "/proc/none", "FMNIST_DATA_DIR": "file"},
    ],
    ids=lambda variables: " ".join(f"{name}={value[:40]}" for name, value in variables.items()),
)
def test_it_says_wrong_where_other_commands_are_refused(command, no_data, tmp_path, monkeypatch, variables):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"a letter to the editor" * 100)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert command("train" if "XDG_CACHE_HOME" in variables else "runs").exit_code == 2
    result = command("doctor")
    assert result.exit_code == 1
    assert "WRONG" in result.stdout
    assert "Report this defect" not in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
