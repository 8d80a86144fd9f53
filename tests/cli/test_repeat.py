import json

import pytest

from fmnist.cli import repeat
from fmnist.recipe import FAST, Recipe
from fmnist.system.determinism import shortened

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def asked(monkeypatch):
    """What is asked of the processes, and what they give: the real ones are run in tests/system/test_determinism.py."""
    asked = {"hashes": [ONE, ONE]}

    def hashes(recipe, times, on_progress, should_stop):
        asked.update(recipe=recipe, times=times)
        return asked["hashes"]

    monkeypatch.setattr(repeat, "weight_hashes", hashes)
    return asked


def test_the_same_hashes_are_exit_code_0(command, asked):
    result = command("repeat", "--recipe", "fast", "--times", 2)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [ONE, ONE, "All the same."]
    assert asked["recipe"] == shortened(FAST)


def test_other_hashes_are_exit_code_1(command, asked):
    asked["hashes"] = [ONE, OTHER]
    result = command("repeat", "--json", "--whole", "--epochs", 3, "--times", 5)

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"same": False, "sha256": [ONE, OTHER]}
    assert (asked["recipe"], asked["times"]) == (Recipe(epochs=3), 5)
    assert "Not the same" in command("repeat").stdout


def test_one_training_cannot_be_compared(command):
    assert command("repeat", "--times", 1).exit_code == 2
