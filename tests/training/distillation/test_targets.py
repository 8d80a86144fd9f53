from dataclasses import replace

import numpy as np
import pytest

from fmnist import pretrained
from fmnist.training.distillation.targets import targets

LABELS = np.array([9, 0, 0, 3], np.uint8)


def test_the_notebook_aims_at_the_true_class(recipe):
    assert np.array_equal(targets(recipe, LABELS), np.eye(10, dtype=np.float32)[LABELS])


def test_muon_leaves_a_tenth_to_all_classes(fast_recipe):
    aims = targets(fast_recipe, LABELS)
    assert aims[np.arange(4), LABELS] == pytest.approx(0.91)
    assert aims[0, :9] == pytest.approx(0.01)


@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_distillation_aims_between_the_true_class_and_the_soft_labels(recipe, optimizer):
    aims = targets(replace(recipe, optimizer=optimizer, distillation=True), LABELS)
    assert aims == pytest.approx((np.eye(10)[LABELS] + pretrained.soft_labels()[:4]) / 2, abs=1e-6)


def test_every_target_is_a_distribution_whose_likeliest_class_is_the_true_one(recipe, fast_recipe):
    for chosen in (recipe, fast_recipe, replace(recipe, distillation=True)):
        aims = targets(chosen, LABELS)
        assert (aims.shape, aims.dtype) == ((4, 10), np.float32)
        assert aims.sum(axis=1) == pytest.approx(1, abs=1e-6)
        assert np.array_equal(aims.argmax(axis=1), LABELS)
