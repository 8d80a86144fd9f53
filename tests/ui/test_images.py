import base64
import io

import numpy as np
import pytest
from PIL import Image

from ui.images import data_url, heat_map, png, sprite


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


def lightness(colors):
    """Of each pixel, as the eye weighs red, green and blue."""
    return colors @ [0.2126, 0.7152, 0.0722]


def test_no_heat_leaves_only_the_dimmed_image(images):
    drawn = heat_map(images[0], np.zeros((28, 28)))

    assert np.array_equal(drawn[..., 0], drawn[..., 1]) and np.array_equal(drawn[..., 1], drawn[..., 2])
    order = np.argsort(images[0], axis=None)
    assert (np.diff(drawn[..., 0].ravel()[order].astype(int)) >= 0).all(), "what was lighter is not darker"
    assert 80 < drawn.max() < 200


@pytest.mark.parametrize("sign", [1, -1])
def test_more_heat_is_lighter_so_that_colors_are_not_needed(sign):
    strip = heat_map(np.zeros((1, 50), np.uint8), sign * np.linspace(0, 1, 50)[np.newaxis])

    assert (np.diff(lightness(strip)[0]) > 0).all()


def test_for_and_against_are_orange_and_blue():
    speaks_for, speaks_against = heat_map(np.zeros((1, 2), np.uint8), np.array([[0.5, -0.5]])).astype(int)[0]

    assert speaks_for[0] > speaks_for[2] + 50
    assert speaks_against[2] > speaks_against[0] + 50


def test_heat_beyond_the_scale_is_the_brightest():
    beyond, brightest = heat_map(np.zeros((1, 2), np.uint8), np.array([[7.0, 1.0]]))[0]

    assert beyond.tolist() == brightest.tolist()
