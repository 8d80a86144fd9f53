import keras
import numpy as np
import pytest

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.training.network import build, initial_weights
from fmnist.training.normalized_network import build_normalized, fold, load_kernels


@pytest.fixture
def trained(training):
    """A normalised network after some steps: its statistics and its shifts are no longer those it began with."""
    keras.utils.set_random_seed(0)
    model = build_normalized("float32")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05), loss)
    model.fit(training.images[..., np.newaxis], training.labels, batch_size=64, epochs=2, verbose=0)
    return model


def test_folded_it_is_the_plain_network_with_the_same_logits(trained, test_split):
    folded = fold(trained)
    assert {name: array.shape for name, array in folded.items()} == WEIGHT_SHAPES
    assert {array.dtype for array in folded.values()} == {np.dtype(np.float32)}
    plain = build(folded)

    images = test_split.images[..., np.newaxis]
    expected = trained(images, training=False).numpy()
    assert np.abs(expected).max() > 1
    assert plain(images.astype(np.float32) / 255).numpy() == pytest.approx(expected, abs=1e-4)


def test_it_begins_with_a_plain_networks_kernels():
    weights = initial_weights(3)
    model = build_normalized("float32")
    load_kernels(model, weights)
    folded = fold(model)
    # Nothing was normalised yet: its statistics are 0 and 1, and ε is a thousandth.
    assert folded["convolution_2/kernel"] == pytest.approx(weights["convolution_2/kernel"], rel=1e-3)
    assert np.array_equal(folded["logits/kernel"], weights["logits/kernel"])
