import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.layers import WEIGHT_SHAPES
from fmnist.training.network import build, first_weights
from fmnist.training.normalised import Normalisation, build_normalised, fold, load_kernels


@pytest.fixture
def trained(training):
    """A normalised network after some steps: its statistics and its shifts are no longer those it began with."""
    keras.utils.set_random_seed(0)
    model = build_normalised("float32")
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
    weights = first_weights(3)
    model = build_normalised("float32")
    load_kernels(model, weights)
    folded = fold(model)
    # Nothing was normalised yet: its statistics are 0 and 1, and ε is a thousandth.
    assert folded["convolution_2/kernel"] == pytest.approx(weights["convolution_2/kernel"], rel=1e-3)
    assert np.array_equal(folded["logits/kernel"], weights["logits/kernel"])


@pytest.mark.parametrize("shape", [(64, 5, 5, 8), (64, 8)])
@pytest.mark.parametrize("training", [True, False])
def test_it_normalises_as_keras_does(shape, training):
    ours, keras_own = Normalisation(), keras.layers.BatchNormalization(momentum=0, scale=False)
    random = np.random.default_rng(0)
    for _ in range(3):
        values = random.normal(2, 3, shape).astype(np.float32)
        outputs = [layer(values, training=training).numpy() for layer in (ours, keras_own)]
        assert outputs[0] == pytest.approx(outputs[1], abs=1e-5)
    assert ours.moving_mean.numpy() == pytest.approx(keras_own.moving_mean.numpy(), abs=1e-5)
    # TensorFlow's operation remembers the unbiased variance, and divides by n - 1.
    assert ours.moving_variance.numpy() == pytest.approx(keras_own.moving_variance.numpy(), rel=1 / 32)


def test_a_shift_learns_by_the_same_gradient_as_keras_own():
    values = tf.constant(np.random.default_rng(0).normal(size=(16, 4, 4, 3)).astype(np.float32))
    gradients = []
    for layer in (Normalisation(), keras.layers.BatchNormalization(scale=False)):
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = tf.reduce_sum(layer(values, training=True) ** 3)
        gradients.append([gradient.numpy() for gradient in tape.gradient(loss, [values, layer.beta.value])])
    for ours, keras_own in zip(*gradients, strict=True):
        assert ours == pytest.approx(keras_own, abs=1e-3)


def test_one_image_in_a_batch_is_no_number_less():
    outputs = Normalisation()(np.ones((1, 54), np.float32), training=True)
    assert np.isfinite(outputs).all()
