import numpy as np
import pytest

from fmnist.training.embeddings import embeddings
from fmnist.training.network import build, initial_weights


@pytest.fixture(scope="module")
def weights():
    return initial_weights(1)


@pytest.fixture(scope="module")
def images():
    random = np.random.default_rng(0)
    # More than one chunk, and not a multiple of it.
    return {
        split: random.integers(0, 256, (count, 28, 28), np.uint8) for split, count in (("train", 1_200), ("test", 300))
    }


def test_the_last_layer_makes_the_networks_logits_of_them(weights, images):
    shares = []
    found = embeddings(weights, images, shares.append, lambda: False)
    model = build(weights)

    assert {split: (array.shape, array.dtype) for split, array in found.items()} == {
        "train": ((1_200, 54), np.float16),
        "test": ((300, 54), np.float16),
    }
    for split, array in found.items():
        logits = model(images[split][..., np.newaxis].astype(np.float32) / 255).numpy()
        again = array.astype(np.float32) @ weights["logits/kernel"] + weights["logits/bias"]
        np.testing.assert_allclose(again, logits, atol=1e-3)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_every_network_has_its_own(weights, images):
    def of(network):
        return embeddings(network, {"test": images["test"]}, lambda share: None, lambda: False)["test"]

    first, other = of(weights), of(initial_weights(2))
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(of(weights), first)


def test_it_ends_when_it_is_told_to(weights, images):
    shares = []

    assert embeddings(weights, images, shares.append, lambda: len(shares) == 2) is None
    assert len(shares) == 2


def test_what_is_beyond_float16_becomes_its_furthest(weights, images):
    far = weights | {"dense_1/bias": np.full(54, 1e6, np.float32)}

    assert np.all(embeddings(far, {"test": images["test"]}, lambda share: None, lambda: False)["test"] == 65_504)
