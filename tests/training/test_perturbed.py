import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.training import perturbed
from fmnist.training.perturbed import Perturbed

RADIUS, RATE = 0.5, 0.25


@pytest.fixture
def network(monkeypatch):
    monkeypatch.setattr(perturbed, "RADIUS", RADIUS)
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    return random.normal(size=(8, 3)).astype(np.float32), random.normal(size=(8, 1)).astype(np.float32)


def fit(network, batch, rate):
    model = Perturbed(network)
    model.compile(keras.optimizers.SGD(rate), "mse", metrics=["mae"])
    return model.fit(*batch, batch_size=8, verbose=0).history


def gradients(network, batch):
    images, aims = batch
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((network(images) - aims) ** 2)
    return float(loss), [gradient.numpy() for gradient in tape.gradient(loss, network.trainable_weights)]


def uphill(arrays, slopes):
    """The kernels a radius further up, the biases where they are."""
    length = np.sqrt(sum(np.sum(slope**2) for slope in slopes if slope.ndim > 1))
    return [
        array + RADIUS * slope / length if slope.ndim > 1 else array
        for array, slope in zip(arrays, slopes, strict=True)
    ]


def test_a_correction_is_the_one_that_is_right_a_little_uphill(network, batch):
    before = network.get_weights()
    below, slopes = gradients(network, batch)
    network.set_weights(uphill(before, slopes))
    above, corrections = gradients(network, batch)
    network.set_weights(before)

    history = fit(network, batch, RATE)

    for after, start, correction in zip(network.get_weights(), before, corrections, strict=True):
        assert after == pytest.approx(start - RATE * correction, abs=1e-5)
    assert history["loss"][0] == pytest.approx(above, rel=1e-5)
    assert above > below


def test_without_a_correction_the_weights_come_back(network, batch):
    before = network.get_weights()
    fit(network, batch, 0.0)
    for after, start in zip(network.get_weights(), before, strict=True):
        assert after == pytest.approx(start, abs=1e-6)


def test_it_says_what_its_network_says(network, batch):
    images, _aims = batch
    assert np.array_equal(Perturbed(network)(images), network(images))
