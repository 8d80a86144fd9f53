import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

from fmnist.analysis.ood import EMBEDDING, detect, energy, energy_percentile, features, fit
from fmnist.architecture import LAYERS

RANDOM = np.random.default_rng(0)


def test_the_energy_is_the_logarithm_of_the_sum_of_exponentials():
    logits = RANDOM.normal(scale=4, size=(50, 10))

    assert energy(logits) == pytest.approx(logsumexp(logits, axis=1))
    assert energy(logits[0]) == pytest.approx(logsumexp(logits[0]))


@pytest.mark.parametrize("far", [60_000, -60_000])
def test_the_largest_logits_of_a_float16_do_not_overflow(far):
    assert energy(np.full((1, 10), far, np.float16)) == pytest.approx(far + np.log(10), rel=1e-3)


def test_what_all_ten_logits_gain_the_energy_gains():
    logits = np.arange(10.0)

    assert energy(logits + 3) == pytest.approx(energy(logits) + 3)


def test_the_percentile_of_an_energy_counts_those_that_are_no_higher():
    known = np.zeros((4, 10))
    known[:, 0] = [1, 2, 3, 4]

    assert [energy_percentile(known[place], known) for place in range(4)] == [0.25, 0.5, 0.75, 1]
    assert energy_percentile(np.full(10, -9.0), known) == 0


def activations_like_real() -> dict[str, np.ndarray]:
    return {layer.name: RANDOM.random(layer.output_shape, np.float32) for layer in LAYERS}


def test_the_features_are_channel_means_the_embedding_and_the_images_own_mean_and_deviation():
    activations, image = activations_like_real(), RANDOM.integers(0, 256, (28, 28), dtype=np.uint8)
    found = features(image, activations)

    assert (found.shape, found.dtype) == ((216,), np.float32)
    assert found[0] == pytest.approx(activations["convolution_1"][..., 0].mean(), abs=1e-5)
    assert (found[160:214] == activations[EMBEDDING]).all()
    assert found[214:] == pytest.approx([image.mean() / 255, image.std() / 255])


@pytest.fixture(scope="module")
def clusters():
    """Ten classes of correlated features: those that are fitted, their labels, and others like them."""
    centers, mixing = RANDOM.normal(scale=2, size=(10, 216)), np.eye(216) + RANDOM.normal(scale=0.02, size=(216, 216))
    labels = RANDOM.integers(0, 10, 5_000)
    fitted, held_out = (
        (centers[labels] + RANDOM.normal(size=(5_000, 216)) @ mixing).astype(np.float32) for _ in range(2)
    )
    return fitted, labels, held_out


def test_the_distance_is_mahalanobis_to_the_nearest_class_mean(clusters):
    fitted, labels, held_out = clusters
    means = np.stack([fitted[labels == label].mean(axis=0) for label in range(10)])
    covariance = np.cov((fitted - means[labels]).T)
    expected = cdist(held_out[:50], means, "mahalanobis", VI=np.linalg.inv(covariance)).min(axis=1) ** 2

    # A thousandth is added to the diagonal, and the whitening is a float16.
    assert fit(*clusters).distance(held_out[:50]) == pytest.approx(expected, rel=0.06)


def test_the_percentile_of_a_distance_is_the_share_of_held_out_images_that_are_as_far(clusters):
    _fitted, _labels, held_out = clusters
    distances = fit(*clusters)
    far = distances.distance(held_out)

    expected = (far >= far[:100, np.newaxis]).mean(axis=1)
    assert distances.percentile(held_out[:100]) == pytest.approx(expected, abs=0.01)
    assert distances.percentile(held_out[:1] + 1_000) == [0]


def test_a_network_without_statistics_is_judged_by_its_energy():
    activations, known = activations_like_real(), RANDOM.normal(size=(100, 10))
    found = detect(np.zeros((28, 28), np.uint8), activations | {"logits": np.full(10, -30.0)}, known, distances=None)

    assert (found.score, found.percentile, found.in_distribution) == ("energy", 0, False)
