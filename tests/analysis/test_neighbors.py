import numpy as np
import pytest

from fmnist.analysis.neighbors import agreement, nearest


def brute_force(embedding, embeddings, count):
    """All distances in float64, sorted; the first of equals first."""
    differences = embeddings.astype(np.float64) - embedding.astype(np.float64)
    distances = np.sqrt((differences**2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:count]
    return order, distances[order]


@pytest.fixture(scope="module")
def embeddings():
    """As many as there are training images, as sparse as after a ReLU."""
    values = np.random.default_rng(1).normal(size=(60_000, 54)).clip(0) * 4
    return values.astype(np.float16)


@pytest.mark.parametrize("kept_as", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 9, 100])
def test_it_is_brute_force(embeddings, kept_as, count):
    for query in (embeddings[59_999], embeddings[123] + np.float16(0.3)):
        indices, distances = nearest(query, embeddings.astype(kept_as), count)

        expected_indices, expected_distances = brute_force(query, embeddings, count)
        assert indices.tolist() == expected_indices.tolist()
        assert distances.tolist() == expected_distances.tolist()


def test_neighbors_in_a_real_run(trained):
    for query in range(0, 4_000, 499):
        indices, distances = nearest(trained.embeddings[query], trained.embeddings)

        expected_indices, expected_distances = brute_force(trained.embeddings[query], trained.embeddings, 9)
        assert (indices[0], distances[0]) == (query, 0)
        assert indices.tolist() == expected_indices.tolist()
        assert distances.tolist() == expected_distances.tolist()


def test_of_equally_near_ones_the_first_comes_first(embeddings):
    # The same few over and over, so that every one has equals near and far in the array.
    repeated = np.tile(embeddings[:7], (700, 1))

    indices, distances = nearest(embeddings[4], repeated, count=1_000)

    second = nearest(embeddings[4], embeddings[:7])[0][1]
    assert indices.tolist() == [*range(4, 4_900, 7), *range(second, 7 * 300, 7)]
    assert (distances[:700] == 0).all()
    assert len(set(distances[700:])) == 1


def test_a_query_as_the_classifier_gives_it(embeddings):
    query = np.random.default_rng(2).normal(size=54).astype(np.float32)

    assert nearest(query, embeddings)[0].tolist() == brute_force(query, embeddings, 9)[0].tolist()


def test_the_furthest_values_of_float16_overflow_nowhere():
    far = np.full((1, 54), 65_504, np.float16)

    assert nearest(-far[0], far)[1] == pytest.approx([2 * 65_504 * np.sqrt(54)])


@pytest.mark.parametrize("there_are", [0, 1, 8])
def test_fewer_than_asked_for(embeddings, there_are):
    indices, distances = nearest(embeddings[0], embeddings[:there_are])

    assert sorted(indices) == list(range(there_are))
    assert distances.shape == (there_are,)


def test_neighbors_agree_where_groups_are_classes_and_by_chance_in_noise():
    random = np.random.default_rng(0)
    labels = np.arange(5_000) % 10
    noise = random.normal(size=(5_000, 2))
    assert agreement(noise + 100 * labels[:, None], labels) == 1
    assert 0.05 < agreement(noise, labels) < 0.15
