"""Real trainings in fresh processes: a hundred images, one epoch."""

import re

import pytest

from fmnist.errors import FmnistError
from fmnist.recipe import FAST, Recipe
from fmnist.system.determinism import shorten, weight_hashes

SHORT = Recipe(epochs=1, training_images=100)


def never():
    return False


def test_a_short_training_keeps_the_settings_but_for_its_length():
    assert shorten(FAST) == Recipe(1, 256, FAST.learning_rate, training_images=5_000, optimizer="muon")
    assert shorten(SHORT) == SHORT


@pytest.mark.thorough
def test_the_same_recipe_gives_the_same_hash_in_every_process():
    shares = []
    hashes = weight_hashes(SHORT, 2, shares.append, never)

    assert re.fullmatch("[0-9a-f]{64}", hashes[0])
    assert len(hashes) == 2
    assert len(set(hashes)) == 1
    assert shares == [0, 0.5, 1]


def test_it_ends_when_it_is_told_to():
    assert weight_hashes(SHORT, 2, lambda share: None, lambda: True) == []


def test_a_process_that_fails_says_why(monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_WORKERS", "some")

    with pytest.raises(FmnistError, match=r"ended with an error: FMNIST_WORKERS is 'some'"):
        weight_hashes(SHORT, 2, lambda share: None, never)
