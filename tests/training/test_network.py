import numpy as np
import pytest

from fmnist.layers import LAYERS, PARAMETERS, WEIGHT_SHAPES
from fmnist.training.network import build, load_weights, weights_of


def test_keras_counts_the_same_parameters_and_shapes():
    model = build(seed=0)
    assert model.count_params() == PARAMETERS
    assert [layer.name for layer in model.layers] == [layer.name for layer in LAYERS]
    for built, layer in zip(model.layers, LAYERS, strict=True):
        assert built.count_params() == layer.parameters
        assert built.output.shape == (None, *layer.output_shape)


def test_the_last_layer_is_linear():
    logits = build(seed=0)(np.random.default_rng(0).random((50, 28, 28, 1), np.float32)).numpy()
    assert logits.min() < 0
    assert not np.allclose(logits.sum(axis=1), 1)


def test_one_seed_gives_one_set_of_first_weights():
    first, again, other = (weights_of(build(seed)) for seed in (7, 7, 8))
    assert {name: array.shape for name, array in first.items()} == WEIGHT_SHAPES
    for name, array in first.items():
        assert array.dtype == np.float32
        assert np.array_equal(array, again[name])
        assert name.endswith("bias") or not np.array_equal(array, other[name])


def test_weights_do_not_change_with_the_network_they_came_from():
    model = build(seed=0)
    kept = weights_of(model)
    before = {name: array.copy() for name, array in kept.items()}
    load_weights(model, weights_of(build(seed=1)))
    assert all(np.array_equal(kept[name], before[name]) for name in before)


def test_loaded_weights_are_the_networks():
    weights = weights_of(build(seed=1))
    model = build(seed=2)
    load_weights(model, weights)
    assert all(np.array_equal(array, weights[name]) for name, array in weights_of(model).items())


@pytest.mark.parametrize("name", ["dense_1/kernel", "logits/bias"])
def test_weights_of_another_shape_are_refused(name):
    weights = weights_of(build(seed=0))
    with pytest.raises(ValueError, match="the network needs"):
        load_weights(build(seed=0), weights | {name: weights[name][..., :-1]})
    with pytest.raises(ValueError, match="the network needs"):
        load_weights(build(seed=0), {key: array for key, array in weights.items() if key != name})
