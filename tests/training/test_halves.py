import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist import machine
from fmnist.training.halves import InHalves
from fmnist.training.network import first_weights
from fmnist.training.normalised import build_normalised, load_kernels


@pytest.fixture(scope="module")
def network():
    model = build_normalised("float32")
    load_kernels(model, first_weights(0))
    return model


def test_an_operation_gets_half_of_the_cores():
    assert tf.config.threading.get_intra_op_parallelism_threads() == max(1, machine.cores() // 2)


@pytest.mark.parametrize("number", [1, 2, 7, 8])
def test_every_image_gets_the_networks_answer(network, test_split, number):
    images = test_split.images[:number, ..., np.newaxis]
    assert InHalves(network)(images).numpy() == pytest.approx(network(images).numpy(), abs=1e-5)


@pytest.mark.parametrize(("number", "half"), [(8, 4), (7, 4)])
def test_each_half_is_normalised_by_itself(network, test_split, number, half):
    images = test_split.images[:number, ..., np.newaxis]
    logits = InHalves(network)(images, training=True).numpy()
    assert logits[:half] == pytest.approx(network(images[:half], training=True).numpy(), abs=1e-4)
    assert logits[half:] == pytest.approx(
        network(images[number - half :], training=True).numpy()[half - number :], abs=1e-4
    )


@pytest.mark.parametrize("images", [65, 66])
def test_a_last_batch_of_one_or_two_images_is_trained_on(network, test_split, images):
    model = InHalves(network)
    model.compile(keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(test_split.images[:images, ..., np.newaxis], test_split.labels[:images], batch_size=64, verbose=0)
    assert all(np.isfinite(variable).all() for variable in network.weights)
