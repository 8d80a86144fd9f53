import keras
import numpy as np
import pytest

from fmnist.architecture import LAYERS, PARAMETERS, WEIGHT_SHAPES
from fmnist.training.network import build, get_weights, initial_weights, set_weights


def test_keras_counts_the_same_parameters_and_shapes():
    model = build(initial_weights(0))
    assert model.count_params() == PARAMETERS
    assert [layer.name for layer in model.layers] == [layer.name for layer in LAYERS]
    for built, layer in zip(model.layers, LAYERS, strict=True):
        assert built.count_params() == layer.parameters
        assert built.output.shape == (None, *layer.output_shape)


def test_the_last_layer_is_linear():
    logits = build(initial_weights(0))(np.random.default_rng(0).random((50, 28, 28, 1), np.float32)).numpy()
    assert logits.min() < 0
    assert not np.allclose(logits.sum(axis=1), 1)


def test_one_seed_gives_one_set_of_first_weights():
    first, again, other = (initial_weights(seed) for seed in (7, 7, 8))
    assert {name: array.shape for name, array in first.items()} == WEIGHT_SHAPES
    for name, array in first.items():
        assert array.dtype == np.float32
        assert np.array_equal(array, again[name])
        assert name.endswith("bias") or not np.array_equal(array, other[name])


def test_first_weights_are_spread_as_keras_spreads_them():
    ours = initial_weights(0)
    for name, shape in WEIGHT_SHAPES.items():
        initializer = keras.initializers.Zeros() if name.endswith("bias") else keras.initializers.GlorotUniform(seed=0)
        expected = keras.ops.convert_to_numpy(initializer(shape))
        assert np.abs(ours[name]).max() == pytest.approx(np.abs(expected).max(), rel=0.05)
        assert ours[name].std() == pytest.approx(expected.std(), rel=0.15)


def test_weights_do_not_change_with_the_network_they_came_from():
    model = build(initial_weights(0))
    kept = get_weights(model)
    before = {name: array.copy() for name, array in kept.items()}
    set_weights(model, initial_weights(1))
    assert all(np.array_equal(kept[name], before[name]) for name in before)


def test_loaded_weights_are_the_networks():
    weights = initial_weights(1)
    model = build(initial_weights(2))
    set_weights(model, weights)
    assert all(np.array_equal(array, weights[name]) for name, array in get_weights(model).items())


@pytest.mark.parametrize("name", ["dense_1/kernel", "logits/bias"])
def test_weights_of_another_shape_are_refused(name):
    weights = initial_weights(0)
    with pytest.raises(ValueError, match="the network needs"):
        set_weights(build(initial_weights(0)), weights | {name: weights[name][..., :-1]})
    with pytest.raises(ValueError, match="the network needs"):
        set_weights(build(initial_weights(0)), {key: array for key, array in weights.items() if key != name})
