import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist.analysis.metrics import softmax
from fmnist.analysis.saliency import GRAD_CAM_CENTERS, OCCLUSION_CENTERS, grad_cam, occlusion, upsample
from fmnist.architecture import WEIGHT_SHAPES
from fmnist.inference.classifier import Classifier
from fmnist.recipe import Recipe
from fmnist.training.loop import train
from fmnist.training.network import build, initial_weights, set_weights
from tests.training.conftest import squares

TEST = squares("test", 50)


@pytest.fixture(scope="module")
def weights():
    recipe = Recipe(epochs=4, batch_size=64, training_images=500)
    *_, last = train(recipe, squares("train", 500), TEST, TEST, epochs=recipe.epochs,
                     on_progress=lambda progress: None, should_stop=lambda: False)  # fmt: skip
    assert last.metrics.test_accuracy > 0.5
    return last.weights


@pytest.fixture(scope="module")
def classifier(weights):
    return Classifier(weights)


@pytest.fixture(scope="module")
def keras_grad_cam(weights):
    """Selvaraju et al.'s equations 1 and 2, the gradient by TensorFlow through the network's own layers in float64."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        model = build(initial_weights(0))
    finally:
        keras.config.set_dtype_policy(policy)
    set_weights(model, weights)

    def explain(maps, label):
        maps = tf.constant(maps[None], tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            values = maps
            for name in ("flatten", "dense_1", "logits"):
                values = model.get_layer(name)(values)
            logit = values[0, label]
        worth = tf.reduce_mean(tape.gradient(logit, maps), axis=(1, 2), keepdims=True)
        return tf.nn.relu(tf.reduce_sum(worth * maps, axis=-1))[0].numpy()

    return explain


@pytest.mark.parametrize("label", range(10))
def test_grad_cam_is_tensorflows(label, weights, classifier, keras_grad_cam):
    maps_with_evidence = 0
    for image in TEST.images[:20]:
        activations = classifier.activations(image)
        values = grad_cam(activations, weights, label)
        assert values.shape == (3, 3)
        assert values.dtype == np.float64
        assert values == pytest.approx(keras_grad_cam(activations["convolution_3"], label), rel=1e-5, abs=1e-12)
        maps_with_evidence += values.any()
    assert maps_with_evidence


def test_closed_units_say_nothing(weights, classifier):
    activations = classifier.activations(TEST.images[0])
    assert not grad_cam(activations | {"dense_1": np.zeros(54, np.float32)}, weights, 0).any()


def test_the_centers_are_the_middles_of_what_the_network_sees():
    # With weights above 0 and a black image, one bright pixel lights exactly the places that see it.
    classifier = Classifier({name: np.full(shape, 0.01 * name.endswith("kernel"), np.float32)
                             for name, shape in WEIGHT_SHAPES.items()})  # fmt: skip
    lit = np.zeros((28, 28, 3, 3), bool)
    for row, column in np.ndindex(28, 28):
        image = np.zeros((28, 28), np.uint8)
        image[row, column] = 255
        lit[row, column] = classifier.activations(image)["convolution_3"].any(axis=-1)
    for i, j in np.ndindex(3, 3):
        rows, columns = np.nonzero(lit[:, :, i, j])
        assert (rows.min() + rows.max()) / 2 == GRAD_CAM_CENTERS[i]
        assert (columns.min() + columns.max()) / 2 == GRAD_CAM_CENTERS[j]


def brightness_of(row, column):
    """A network that only looks at one pixel: the brighter, the more class 0."""

    def logits_of(images):
        return np.eye(10)[0] * images[:, row, column, None] / 50

    return logits_of


@pytest.mark.parametrize(("row", "column"), [(0, 0), (10, 15), (13, 2), (27, 27)])
def test_occlusion_finds_the_pixel_that_counts(row, column):
    image = np.full((28, 28), 200, np.uint8)
    logits_of = brightness_of(row, column)
    fall = softmax(logits_of(image[None]))[0] - 0.1
    for label in (0, 7):
        values = occlusion(logits_of, image, label)
        assert values.shape == (14, 14)
        near = [np.abs(OCCLUSION_CENTERS - place) < 3 for place in (row, column)]
        assert values == pytest.approx(np.where(np.outer(*near), fall[label], 0))
    assert (image == 200).all()


def test_covering_the_background_changes_nothing(classifier):
    image = np.zeros((28, 28), np.uint8)
    image[14:22, 6:11] = TEST.images[6, 14:22, 6:11]
    values = occlusion(classifier.logits, image, 6)
    on_the_square = np.outer(np.abs(OCCLUSION_CENTERS - 17.5) < 7, np.abs(OCCLUSION_CENTERS - 8) < 5.5)
    assert values[on_the_square].any()
    assert not values[~on_the_square].any()


def test_occlusion_finds_what_a_network_learned(classifier):
    found = []
    for image, label in zip(TEST.images[:20], TEST.labels, strict=False):
        row, column = np.unravel_index(occlusion(classifier.logits, image, label).argmax(), (14, 14))
        # The class's bright square is 8 pixels high and 5 wide.
        high = abs(OCCLUSION_CENTERS[row] - (5.5 + 12 * (label // 5))) < 4 + 3
        wide = abs(OCCLUSION_CENTERS[column] - (3 + 5 * (label % 5))) < 2.5 + 3
        found.append(high and wide)
    assert np.mean(found) > 0.8


@pytest.mark.parametrize("centers", [GRAD_CAM_CENTERS, OCCLUSION_CENTERS])
def test_a_map_lies_over_the_image_where_its_places_are(centers):
    laid = upsample(100 * centers[:, None] + centers, centers)
    pixels = np.arange(28).clip(centers[0], centers[-1])
    assert laid == pytest.approx(100 * pixels[:, None] + pixels)
