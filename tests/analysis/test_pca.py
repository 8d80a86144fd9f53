import numpy as np
import pytest
from sklearn.decomposition import PCA

from fmnist.analysis.pca import principal_components


@pytest.fixture(params=["random", "trained"])
def embeddings(request):
    if request.param == "trained":
        return request.getfixturevalue("trained").embeddings
    generator = np.random.default_rng(1)
    # Many units, each with a spread of its own, some of them dead, as after a ReLU.
    spread = generator.uniform(0, 9, 54) * (generator.random(54) > 0.2)
    return (generator.normal(size=(800, 54)).clip(0) * spread).astype(np.float16)


def test_it_is_scikit_learns(embeddings):
    reference = PCA(n_components=2, svd_solver="full")
    points = reference.fit_transform(embeddings.astype(np.float64))

    projection = principal_components(embeddings)

    assert projection.points.dtype == np.float32
    # As near as float32 comes; the direction of the axes included.
    assert projection.points == pytest.approx(points, abs=1e-6 * np.abs(points).max())
    assert projection.explained_variance_ratio == pytest.approx(reference.explained_variance_ratio_, abs=1e-9)


def test_an_axis_never_comes_out_mirrored(embeddings):
    once = principal_components(embeddings)
    mirrored = principal_components(-embeddings)
    shuffled = principal_components(embeddings[::-1])

    assert mirrored.points == pytest.approx(-once.points, abs=1e-4)
    assert shuffled.points[::-1] == pytest.approx(once.points, abs=1e-4)


def test_a_line_has_all_its_variance_in_one_direction():
    steps = np.arange(5)[:, np.newaxis]

    projection = principal_components(steps * np.eye(1, 54, 7))

    assert projection.points == pytest.approx(np.array([[-2, 0], [-1, 0], [0, 0], [1, 0], [2, 0]]))
    assert projection.explained_variance_ratio == pytest.approx([1, 0])


@pytest.mark.parametrize("count", [1, 3])
def test_where_nothing_varies(count):
    projection = principal_components(np.full((count, 54), 0.3, np.float16))

    assert projection.points.tolist() == [[0, 0]] * count
    assert np.isnan(projection.explained_variance_ratio).all()


def test_no_embeddings():
    projection = principal_components(np.empty((0, 54), np.float16))

    assert projection.points.shape == (0, 2)
    assert np.isnan(projection.explained_variance_ratio).all()


def test_the_furthest_values_of_float16():
    embeddings = np.zeros((4, 54), np.float16)
    embeddings[:2, 5] = 65_504

    projection = principal_components(embeddings)

    assert projection.points[:, 0].tolist() == [32_752, 32_752, -32_752, -32_752]
