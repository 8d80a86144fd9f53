import json

import pytest

from fmnist.cli import check_determinism
from fmnist.recipe import FAST, Recipe
from fmnist.system.determinism import shorten

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def call(monkeypatch):
    """The arguments of `weight_hashes` and its result; the real one runs in tests/system/test_determinism.py."""
    call = {"hashes": [ONE, ONE]}

    def hashes(recipe, times, on_progress, should_stop):
        call.update(recipe=recipe, times=times)
        return call["hashes"]

    monkeypatch.setattr(check_determinism, "weight_hashes", hashes)
    return call


def test_the_same_hashes_are_exit_code_0(command, call):
    result = command("check-determinism", "--recipe", "fast", "--times", 2)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [ONE, ONE, "All the same."]
    assert call["recipe"] == shorten(FAST)


def test_other_hashes_are_exit_code_1(command, call):
    call["hashes"] = [ONE, OTHER]
    result = command("check-determinism", "--json", "--whole", "--epochs", 3, "--times", 5)

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"same": False, "sha256": [ONE, OTHER]}
    assert (call["recipe"], call["times"]) == (Recipe(epochs=3), 5)
    assert "Not the same" in command("check-determinism").stdout


def test_one_training_cannot_be_compared(command):
    assert command("check-determinism", "--times", 1).exit_code == 2
