"""A person's own picture, from a file to what the network sees."""

import base64
import zlib

import numpy as np
import pytest
from PIL import Image

from fmnist.data.dataset import open_dataset
from fmnist.errors import InvalidPicture
from fmnist.inference.classifier import Classifier
from fmnist.inference.picture import MOST_PIXELS, from_text, prepared, to_text
from fmnist.pretrained.network import read
from fmnist.settings import Settings
from tests.photographs import file_of, photograph

PHOTOGRAPHED = 60


@pytest.fixture(scope="module")
def held_out():
    return open_dataset(Settings.from_environment()).train.images[-PHOTOGRAPHED:]


@pytest.fixture
def image(held_out):
    return held_out[4]


def colours(*colour, size=(300, 200)):
    return Image.new("RGB", size, colour)


@pytest.mark.parametrize(
    "conditions",
    [{}, {"background": 0.8, "shadow": 0.15, "grain": 0.02}, {"background": 0.05, "dark": False, "grain": 0.02}],
    ids=["white paper", "grey wall with a shadow", "dark table"],
)
def test_a_photograph_of_a_known_image_gets_the_images_answer(held_out, conditions):
    """As the data set is light on black, so becomes what is dark on white, or light on a dark table."""
    network = Classifier(read().kept[-1].weights)
    random = np.random.default_rng(0)
    seen = np.array([prepared(file_of(photograph(image, random, **conditions))) for image in held_out])
    answers, expected = (network.logits(images).argmax(axis=1) for images in (seen, held_out))

    assert (answers == expected).mean() >= 0.9


def test_what_the_network_sees_is_light_on_black_and_as_large_as_fits(image):
    seen = prepared(file_of(photograph(image, np.random.default_rng(0))))

    assert (seen.shape, seen.dtype) == ((28, 28), np.uint8)
    assert seen.max() == 255
    assert seen[0].max() > 30 and seen[-1].max() > 30
    assert np.abs(seen.astype(int) - image).mean() < 25


def test_light_and_dark_are_exchanged_where_the_background_is_light(image):
    picture = photograph(image, np.random.default_rng(0))
    negative = Image.eval(picture, lambda value: 255 - value)

    assert np.abs(prepared(file_of(picture)).astype(int) - prepared(file_of(negative))).max() <= 8


def test_a_telephone_that_was_held_upright_is_believed(image):
    picture = photograph(image, np.random.default_rng(0))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera's top is at the right: whoever shows it turns it by 90° clockwise
    turned = picture.transpose(Image.Transpose.ROTATE_90)

    assert np.abs(prepared(file_of(turned, exif=exif)).astype(int) - prepared(file_of(picture))).mean() < 3


def test_what_is_transparent_is_white(image):
    picture = photograph(image, np.random.default_rng(0))
    cut_out = picture.convert("RGBA")
    cut_out.putalpha(Image.eval(picture.convert("L"), lambda value: 0 if value > 250 else 255))

    assert np.abs(prepared(file_of(cut_out, "PNG")).astype(int) - prepared(file_of(picture, "PNG"))).max() <= 8


@pytest.mark.parametrize("size", [(400, 8), (8, 400), (40, 40), (30, 100)])
def test_any_shape_is_put_in_the_middle(size):
    picture = colours(255, 255, 255, size=(500, 500))
    picture.paste((0, 0, 0), (50, 50, 50 + size[0], 50 + size[1]))
    lit = np.argwhere(prepared(file_of(picture, "PNG")) > 30)
    first, last = lit.min(axis=0), lit.max(axis=0)

    assert (last - first + 1).max() == 28
    assert np.abs(first + last - 27).max() <= 1


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (90, 120, 40)])
def test_a_picture_of_one_colour_shows_nothing(colour):
    with pytest.raises(InvalidPicture, match="Nothing stands out"):
        prepared(file_of(colours(*colour), "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_the_usual_files_are_read(image, kind):
    assert prepared(file_of(photograph(image, np.random.default_rng(0)), kind)).any()


def whole():
    picture = colours(255, 255, 255)
    picture.paste((0, 0, 0), (50, 50, 150, 150))
    return file_of(picture, "PNG")


@pytest.mark.parametrize("content", [b"", b"no picture", whole()[:60], whole()[:8] + b"x" * 40], ids=len)
def test_a_file_without_a_picture_is_refused(content):
    with pytest.raises(InvalidPicture, match="no picture that can be read"):
        prepared(content)


def test_more_pixels_than_a_camera_has_are_refused():
    side = int(MOST_PIXELS**0.5) + 100
    with pytest.raises(InvalidPicture, match=f"{side:,} × {side:,} pixels"):
        prepared(file_of(Image.new("1", (side, side)), "PNG"))


@pytest.mark.parametrize("seed", range(3))
def test_an_image_survives_its_way_through_an_address(seed):
    image = np.random.default_rng(seed).integers(0, 256, (28, 28), dtype=np.uint8)
    text = to_text(image)

    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert (from_text(text) == image).all()


def test_an_address_stays_short(held_out):
    assert max(len(to_text(image)) for image in held_out) < 1_100


def text_of(content):
    return base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "x", "¿", "a b", "eJx", text_of(b"")[:-2], text_of(bytes(783)), text_of(bytes(785)), text_of(bytes(10**8))],
    ids=["empty", "one letter", "not ASCII", "a space", "short", "cut", "too few", "too many", "far too many"],
)
def test_a_text_that_is_no_picture_is_refused(text):
    with pytest.raises(InvalidPicture, match="which is no picture"):
        from_text(text)
