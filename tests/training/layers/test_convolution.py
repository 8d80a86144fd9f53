import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.training.layers.convolution import SmallConvolution


@pytest.mark.parametrize("shape", [(4, 5, 5, 3), (2, 4, 7, 2), (1, 3, 3, 1)])
def test_it_is_keras_convolution_with_the_same_gradients(shape):
    images = tf.constant(np.random.default_rng(0).normal(size=shape).astype(np.float32))
    ours, keras_own = SmallConvolution(6, 3), keras.layers.Conv2D(6, 3, use_bias=False)
    keras_own.build(shape)
    ours.build(shape)
    ours.set_weights(keras_own.get_weights())
    results = []
    for layer in (ours, keras_own):
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = layer(images)
            loss = tf.reduce_sum(outputs**3)
        results.append([outputs, *tape.gradient(loss, [images, layer.kernel.value])])
    for some, others in zip(*results, strict=True):
        assert some.numpy() == pytest.approx(others.numpy(), rel=1e-3, abs=1e-4)
