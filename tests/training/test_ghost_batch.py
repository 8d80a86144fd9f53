import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.system import hardware
from fmnist.training.ghost_batch import GhostBatchModel
from fmnist.training.network import initial_weights
from fmnist.training.normalized_network import build_normalized, load_kernels

CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def metrics():
    return ["accuracy", keras.metrics.SparseCategoricalCrossentropy(from_logits=True, name="cross_entropy")]


@pytest.fixture
def network():
    model = build_normalized("float32")
    load_kernels(model, initial_weights(0))
    return model


def test_an_operation_gets_half_of_the_cores():
    assert tf.config.threading.get_intra_op_parallelism_threads() == max(1, hardware.cores() // 2)


@pytest.mark.parametrize("number", [1, 2, 7, 8])
def test_every_image_gets_the_networks_output(network, test_split, number):
    images = test_split.images[:number, ..., np.newaxis]
    assert GhostBatchModel(network)(images).numpy() == pytest.approx(network(images).numpy(), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("number", "half"), [(8, 4), (7, 4)])
def test_each_half_is_normalized_by_itself(network, test_split, number, half):
    images = test_split.images[:number, ..., np.newaxis]
    logits = GhostBatchModel(network)(images, training=True).numpy()
    assert logits[:half] == pytest.approx(network(images[:half], training=True).numpy(), abs=1e-4)
    assert logits[half:] == pytest.approx(
        network(images[number - half :], training=True).numpy()[half - number :], abs=1e-4
    )


@pytest.mark.parametrize("images", [65, 66])
def test_a_last_batch_of_one_or_two_images_is_trained_on(network, test_split, images):
    model = GhostBatchModel(network)
    model.compile(keras.optimizers.SGD(0.01), CROSS_ENTROPY, metrics=metrics())
    model.fit(test_split.images[:images, ..., np.newaxis], test_split.labels[:images], batch_size=64, verbose=0)
    assert all(np.isfinite(variable).all() for variable in network.weights)


def test_a_frozen_layer_is_not_trained_until_it_is_trained_again(network, test_split):
    optimizer = keras.optimizers.SGD(0.1)
    trainable, frozen = GhostBatchModel(network), GhostBatchModel(network, frozen_layer="convolution_1")
    optimizer.build(trainable.trainable_weights)

    def changed_by(model):
        before = {weight.path: weight.numpy() for weight in network.trainable_weights}
        model.compile(optimizer, CROSS_ENTROPY, metrics=metrics())
        model.fit(test_split.images[:64, ..., np.newaxis], test_split.labels[:64], batch_size=32, verbose=0)
        return {weight.path for weight in network.trainable_weights if not np.array_equal(weight, before[weight.path])}

    everything = {weight.path for weight in network.trainable_weights}
    first = {"normalized/convolution_1/kernel", "normalized/convolution_1_normalization/beta"}
    assert changed_by(frozen) == everything - first
    assert changed_by(trainable) == everything


@pytest.mark.parametrize("report_batches", [True, False])
def test_it_reports_every_batch_even_where_several_are_trained_at_once(network, test_split, report_batches):
    model, reported = GhostBatchModel(network), []
    model.compile(keras.optimizers.SGD(0.01), CROSS_ENTROPY, metrics=metrics(), steps_per_execution=4)
    model.on_batch = lambda *metrics: reported.append(metrics)
    model.report_batches.assign(report_batches)
    fitted = model.fit(test_split.images[:96, ..., np.newaxis], test_split.labels[:96], batch_size=16, verbose=0)
    assert len(reported) == (6 if report_batches else 0)
    if report_batches:
        assert reported[-1] == pytest.approx((fitted.history["cross_entropy"][0], fitted.history["accuracy"][0]))
        assert reported[0] != reported[-1]
