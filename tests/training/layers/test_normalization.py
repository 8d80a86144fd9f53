import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.training.layers.normalization import FastBatchNormalization


@pytest.mark.parametrize("shape", [(64, 5, 5, 8), (64, 8)])
@pytest.mark.parametrize("training", [True, False])
def test_it_normalizes_as_keras_does(shape, training):
    ours, keras_own = FastBatchNormalization(), keras.layers.BatchNormalization(momentum=0, scale=False)
    random = np.random.default_rng(0)
    for _ in range(3):
        values = random.normal(2, 3, shape).astype(np.float32)
        outputs = [layer(values, training=training).numpy() for layer in (ours, keras_own)]
        assert outputs[0] == pytest.approx(outputs[1], abs=1e-5)
    assert ours.moving_mean.numpy() == pytest.approx(keras_own.moving_mean.numpy(), abs=1e-5)
    # TensorFlow's operation remembers the unbiased variance of images, and divides by n - 1.
    assert ours.moving_variance.numpy() == pytest.approx(keras_own.moving_variance.numpy(), rel=1 / 32)


@pytest.mark.parametrize("shape", [(16, 4, 4, 3), (64, 3)])
def test_a_shift_learns_by_the_same_gradient_as_keras_own(shape):
    values = tf.constant(np.random.default_rng(0).normal(size=shape).astype(np.float32))
    gradients = []
    for layer in (FastBatchNormalization(), keras.layers.BatchNormalization(scale=False)):
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = tf.reduce_sum(layer(values, training=True) ** 3)
        gradients.append([gradient.numpy() for gradient in tape.gradient(loss, [values, layer.beta.value])])
    for ours, keras_own in zip(*gradients, strict=True):
        assert ours == pytest.approx(keras_own, abs=1e-3)


def test_one_image_in_a_batch_is_no_number_less():
    outputs = FastBatchNormalization()(np.ones((1, 54), np.float32), training=True)
    assert np.isfinite(outputs).all()
