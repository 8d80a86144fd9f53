import keras
import numpy as np
import pytest

from fmnist.training.learner import learner_of
from fmnist.training.normalized_network import build_normalized
from fmnist.training.optim.muon import Muon, ema_momentum_over


@pytest.fixture
def muon():
    return Muon(keras.optimizers.schedules.CosineDecay(0.1, 10), ema_momentum_over(4))


@pytest.mark.parametrize("shape", [(3, 3, 1, 32), (3, 3, 32, 64), (576, 54)])
def test_a_kernel_of_any_shape_is_moved_in_all_directions_alike(muon, shape):
    gradient = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    gradient[..., 0] *= 100  # one output has nearly all of the gradient
    step = keras.ops.convert_to_numpy(muon.zeropower_via_newtonschulz5(keras.ops.convert_to_tensor(gradient), 5))

    assert step.shape == shape
    strengths = np.linalg.svd(step.reshape(-1, shape[-1]), compute_uv=False)
    # The five steps end near 1, not at it.
    assert strengths[: min(9, len(strengths))] == pytest.approx(1, abs=0.4)


@pytest.mark.parametrize("shape", [(9, 32), (288, 64), (576, 54)])
def test_a_matrix_is_moved_as_keras_muon_moves_it(muon, shape):
    gradient = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    steps = [optimizer.zeropower_via_newtonschulz5(keras.ops.convert_to_tensor(gradient), 5)
             for optimizer in (muon, keras.optimizers.Muon())]  # fmt: skip
    assert steps[0].numpy() == pytest.approx(steps[1].numpy(), abs=1e-3)


def test_muon_moves_the_kernels_and_adam_the_rest(muon):
    model = build_normalized("float32")
    muon.build(model.trainable_variables)
    pairs = zip(model.trainable_variables, muon.adam_velocities, strict=True)
    moved = {variable.path.removeprefix("normalized/") for variable, velocity in pairs if velocity is None}

    assert moved == {"convolution_1/kernel", "convolution_2/kernel", "convolution_3/kernel", "dense_1/kernel"}


def test_the_rate_rises_and_falls_and_stays_low_after_the_last_epoch(fast_recipe):
    rate = learner_of(fast_recipe).model.optimizer._learning_rate
    steps = 8 * fast_recipe.epochs
    rates = [float(rate(step)) for step in range(steps + 10)]

    assert max(rates) == pytest.approx(fast_recipe.learning_rate)
    assert rates.index(max(rates)) <= 0.2 * steps
    assert rates[steps:] == pytest.approx([0.05 * fast_recipe.learning_rate] * 10, rel=1e-5)
