import base64
import io

import numpy as np
import pytest
from PIL import Image

from ui.images import data_url, png, sprite


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)


def pixels(content):
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    assert image.mode == "L"
    return np.asarray(image)


def test_a_png_loses_nothing(images):
    assert np.array_equal(pixels(png(images[0])), images[0])


def test_a_larger_png_has_square_pixels(images):
    large = pixels(png(images[0], scale=10))

    assert large.shape == (280, 280)
    assert np.array_equal(large[::10, ::10], images[0])
    assert np.array_equal(large[9::10, 9::10], images[0])


def test_a_sprite_is_read_row_by_row(images):
    laid_out = sprite(images, columns=5)

    assert laid_out.shape == (2 * 28, 5 * 28)
    assert np.array_equal(laid_out[:28, 28:56], images[1])
    assert np.array_equal(laid_out[28:, 28:56], images[6])
    assert not laid_out[28:, 56:].any(), "places that are left over are black"


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (5, 1), (6, 2), (25, 5)])
def test_a_sprite_has_no_more_rows_than_it_needs(count, rows):
    assert sprite(np.zeros((count, 28, 28), np.uint8), columns=5).shape == (rows * 28, 140)


def test_a_data_url_carries_the_file(images):
    kind, content = data_url(png(images[0])).split(",")

    assert kind == "data:image/png;base64"
    assert np.array_equal(pixels(base64.b64decode(content)), images[0])


def test_a_colored_png_loses_nothing_either():
    colored = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    image = Image.open(io.BytesIO(png(colored, scale=2)))

    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image)[::2, ::2], colored)
