import numpy as np
import pytest

from fmnist.training.augmentation import augment, random_erase, random_flip, random_shift


@pytest.fixture
def images():
    return np.random.default_rng(3).integers(1, 256, (400, 28, 28), dtype=np.uint8)


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.mark.parametrize("change", [random_shift, random_flip, random_erase, augment])
def test_images_stay_images_and_the_given_ones_stay_as_they_are(images, random, change):
    before = images.copy()
    changed = change(images, random)
    assert (changed.shape, changed.dtype) == (images.shape, np.uint8)
    assert not np.array_equal(changed, images)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("change", [random_shift, random_flip, random_erase, augment])
def test_the_same_chance_changes_the_same(images, change):
    first, second, other = (change(images, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_an_image_is_moved_by_at_most_a_pixel_each_way(images, random):
    ways = set()
    for image, now in zip(images, random_shift(images, random), strict=True):
        padded = np.pad(image, 1)
        (way,) = [(y, x) for y in range(3) for x in range(3) if np.array_equal(padded[y : y + 28, x : x + 28], now)]
        ways.add(way)
    assert len(ways) == 9


def test_half_of_the_images_are_mirrored(images, random):
    changed = random_flip(images, random)
    same = (changed == images).all(axis=(1, 2))
    assert np.array_equal(changed[~same], images[~same][:, :, ::-1])
    assert 150 < same.sum() < 250


def test_half_of_the_images_are_covered_by_a_square_of_one_grey(images, random):
    changed = random_erase(images, random)
    shares = []
    for image, now in zip(images, changed, strict=True):
        rows, columns = np.nonzero(image != now)
        if len(rows):
            square = now[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
            assert max(square.shape) <= 8
            assert len(np.unique(now[rows, columns])) == 1
            shares.append(square.size)
    assert 150 < len(shares) < 250
    assert max(shares) == 64
