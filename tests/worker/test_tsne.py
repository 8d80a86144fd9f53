import numpy as np
import pytest

from fmnist.worker.tsne import tsne_map


def never():
    return False


@pytest.fixture(scope="module")
def embeddings():
    """Three groups of 60 images, as a network gives them: rounded, none below 0."""
    random = np.random.default_rng(0)
    centers = random.normal(scale=4, size=(3, 54))
    return np.maximum(np.repeat(centers, 60, axis=0) + random.normal(size=(180, 54)), 0).astype(np.float16)


def test_what_is_alike_lies_together_each_time_in_the_same_place(embeddings):
    shares = []
    points = tsne_map(embeddings, shares.append, never)
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    group = np.repeat(np.arange(3), 60)

    assert (points.shape, points.dtype) == ((180, 2), np.float32)
    assert (group[distances.argmin(axis=1)] == group).all()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    np.testing.assert_array_equal(tsne_map(embeddings, shares.append, never), points)


def test_it_ends_when_it_is_told_to(embeddings):
    shares = []

    assert tsne_map(embeddings, shares.append, lambda: len(shares) == 2) is None
    assert len(shares) == 2


@pytest.mark.thorough
@pytest.mark.parametrize("dead", [0.5, 0.999, 1.0])
def test_images_that_a_network_cannot_tell_apart_have_a_place_too(embeddings, dead):
    """A learning rate that is too high leaves values that are 0 for every image."""
    embeddings = np.tile(embeddings, (6, 1))
    embeddings[: int(dead * len(embeddings))] = 0

    assert np.isfinite(tsne_map(embeddings, lambda share: None, never)).all()
