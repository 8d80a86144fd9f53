import numpy as np
import pytest

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.inference import template


def test_no_mark_is_there_twice():
    weights = template.placeholder_weights()
    assert {name: array.shape for name, array in weights.items()} == WEIGHT_SHAPES
    numbers = np.concatenate([array.ravel() for array in weights.values()])
    assert len(np.unique(numbers)) == len(numbers)


def test_its_own_marks_change_nothing():
    assert template.fill(template.placeholder_weights()) == template.FILE.read_bytes()


def test_only_the_named_array_is_replaced():
    weights = template.placeholder_weights()
    weights["dense_1/bias"] = np.full(54, -1, np.float32)
    file, filled = template.FILE.read_bytes(), template.fill(weights)
    changed = [place for place, (before, after) in enumerate(zip(file, filled, strict=True)) if before != after]
    assert changed
    assert len(changed) <= 54 * 4
    assert changed[-1] - changed[0] < 54 * 4
    assert np.full(54, -1, "<f4").tobytes() in filled


@pytest.mark.parametrize("times", [0, 2])
def test_a_file_without_each_mark_once_is_refused(times):
    with pytest.raises(ValueError, match=f"{times} times in the file"):
        template.find_offsets(template.FILE.read_bytes() * times)


@pytest.mark.parametrize("name", ["dense_1/kernel", "logits/bias"])
def test_weights_of_another_shape_are_refused(name):
    weights = template.placeholder_weights()
    with pytest.raises(ValueError, match="the network needs"):
        template.fill(weights | {name: weights[name][..., :-1]})
    with pytest.raises(ValueError, match="the network needs"):
        template.fill({key: array for key, array in weights.items() if key != name})
