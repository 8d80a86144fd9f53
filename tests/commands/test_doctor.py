import json

from fmnist.recipe import Recipe
from fmnist.runs.schema import VERSION


def test_all_is_well(command, dataset, store):
    result = command("doctor")
    assert result.exit_code == 0
    assert "WRONG" not in result.stdout
    assert f"can be written, version {VERSION}, no run yet" in result.stdout


def test_what_is_wrong_comes_with_what_to_do(command, store, monkeypatch):
    store.add(Recipe(), "page")
    monkeypatch.setenv("FMNIST_WORKERS", "external")
    result = command("doctor")
    assert result.exit_code == 1
    assert "WRONG  workers    none is alive, though work waits\n" in result.stdout
    assert "→ FMNIST_WORKERS is external: start one with python -m fmnist worker\n" in result.stdout


def test_json_says_the_same(command, dataset):
    findings = json.loads(command("doctor", "--json").stdout)
    assert {finding["subject"] for finding in findings} >= {"versions", "processor", "data", "store", "workers"}
    assert all(finding["well"] for finding in findings)
