"""A person's own picture, from a file to what the network sees."""

import base64
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.data.dataset import load_dataset
from fmnist.errors import InvalidPicture
from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import from_text, preprocess, to_text
from fmnist.inference.reader import FROM_PAGE
from fmnist.pretrained.network import read
from fmnist.settings import Settings
from testing.photographs import file_of, photograph

PHOTOGRAPHED = 60


@pytest.fixture(scope="module")
def held_out():
    return load_dataset(Settings.from_environment()).train.images[-PHOTOGRAPHED:]


@pytest.fixture
def image(held_out):
    return held_out[4]


def colors(*color, size=(300, 200)):
    return Image.new("RGB", size, color)


@pytest.mark.parametrize(
    "conditions",
    [{}, {"background": 0.8, "shadow": 0.15, "grain": 0.02}, {"background": 0.05, "dark": False, "grain": 0.02}],
    ids=["white paper", "grey wall with a shadow", "dark table"],
)
def test_a_photograph_of_a_known_image_gets_the_images_answer(held_out, conditions):
    """As the data set is light on black, so becomes what is dark on white, or light on a dark table."""
    network = Classifier(read().kept[-1].weights)
    random = np.random.default_rng(0)
    seen = np.array([preprocess(file_of(photograph(image, random, **conditions))) for image in held_out])
    answers, expected = (network.logits(images).argmax(axis=1) for images in (seen, held_out))

    assert (answers == expected).mean() >= 0.9


def test_what_the_network_sees_is_light_on_black_and_as_large_as_fits(image):
    seen = preprocess(file_of(photograph(image, np.random.default_rng(0))))

    assert (seen.shape, seen.dtype) == ((28, 28), np.uint8)
    assert seen.max() == 255
    assert seen[0].max() > 30 and seen[-1].max() > 30
    assert np.abs(seen.astype(int) - image).mean() < 25


def test_light_and_dark_are_exchanged_where_the_background_is_light(image):
    picture = photograph(image, np.random.default_rng(0))
    negative = Image.eval(picture, lambda value: 255 - value)

    assert np.abs(preprocess(file_of(picture)).astype(int) - preprocess(file_of(negative))).max() <= 8


def test_a_telephone_that_was_held_upright_is_believed(image):
    picture = photograph(image, np.random.default_rng(0))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera's top is at the right: whoever shows it turns it by 90° clockwise
    turned = picture.transpose(Image.Transpose.ROTATE_90)

    assert np.abs(preprocess(file_of(turned, exif=exif)).astype(int) - preprocess(file_of(picture))).mean() < 3


def cut_out(picture, alpha):
    """A picture with an alpha of its own."""
    made = picture.convert("RGBA")
    made.putalpha(alpha)
    return made


def test_what_is_transparent_is_background(image):
    picture = photograph(image, np.random.default_rng(0))
    piece = cut_out(picture, Image.eval(picture.convert("L"), lambda value: 0 if value > 224 else 255))
    difference = preprocess(file_of(piece, "PNG")).astype(int) - preprocess(file_of(picture, "PNG"))

    # The lightest eighth of all shades is the ground now, so that some edges are elsewhere.
    assert np.abs(difference).max() <= 40
    assert np.abs(difference).mean() < 3


@pytest.mark.parametrize("color", ["white", "#f0f0f0", "#c0ffee", "#808080", "black"])
@pytest.mark.parametrize("hidden", ["white", "black", "red"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_alpha_says_where_a_shirt_of_any_color_is(color, hidden, kind):
    shirt = Image.new("RGBA", (200, 200), (*Image.new("RGB", (1, 1), hidden).getpixel((0, 0)), 0))
    shirt.paste(color, (60, 20, 140, 180))
    seen = preprocess(file_of(shirt, kind, lossless=True, exact=True))

    assert (seen[:, 8:20] > 200).all()
    assert not seen[:, :5].any()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "GIF"])
def test_a_white_shirt_is_seen_in_every_mode_with_alpha(mode):
    shirt = Image.new("RGBA", (200, 200), (255, 255, 255, 0))
    shirt.paste((255, 255, 255, 255), (60, 20, 140, 180))
    seen = preprocess(file_of(shirt, "GIF") if mode == "GIF" else file_of(shirt.convert(mode), "PNG"))

    assert (seen[:, 8:20] > 200).all()
    assert not seen[:, :5].any()


def test_all_of_a_cut_out_shirt_is_seen_where_parts_of_it_are_as_the_ground():
    shirt = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    shirt.paste("white", (40, 40, 160, 160))
    shirt.paste("black", (80, 60, 120, 140))
    seen = preprocess(file_of(shirt, "PNG"))

    lit = np.argwhere(seen > 100)
    assert (np.ptp(lit, axis=0) == 27).all()  # not the black in its middle alone


def test_a_shadow_beside_what_was_cut_out_is_no_part_of_it():
    shirt = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    shirt.paste((0, 0, 0, 60), (60, 170, 190, 190))
    shirt.paste((200, 30, 30, 255), (60, 20, 140, 170))

    assert (preprocess(file_of(shirt, "PNG"))[:, 8:20] > 200).all()


def test_round_corners_are_not_what_stands_out(image):
    picture = photograph(image, np.random.default_rng(0), background=0.9)
    corners = Image.new("L", picture.size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, *picture.size), radius=60, fill=255)
    rounded, plain = (preprocess(file_of(each, "PNG")).astype(int) for each in (cut_out(picture, corners), picture))

    assert np.abs(rounded - plain).max() <= 8


def test_what_is_all_transparent_shows_nothing():
    with pytest.raises(InvalidPicture, match="Nothing stands out"):
        preprocess(file_of(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"))


@pytest.mark.parametrize("size", [(400, 8), (8, 400), (40, 40), (30, 100)])
def test_any_shape_is_put_in_the_middle(size):
    picture = colors(255, 255, 255, size=(500, 500))
    picture.paste((0, 0, 0), (50, 50, 50 + size[0], 50 + size[1]))
    lit = np.argwhere(preprocess(file_of(picture, "PNG")) > 30)
    first, last = lit.min(axis=0), lit.max(axis=0)

    assert (last - first + 1).max() == 28
    assert np.abs(first + last - 27).max() <= 1


@pytest.mark.parametrize("color", [(255, 255, 255), (0, 0, 0), (90, 120, 40)])
def test_a_picture_of_one_color_shows_nothing(color):
    with pytest.raises(InvalidPicture, match="Nothing stands out"):
        preprocess(file_of(colors(*color), "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_the_usual_files_are_read(image, kind):
    assert preprocess(file_of(photograph(image, np.random.default_rng(0)), kind)).any()


def test_an_image_of_the_data_set_passes_untouched():
    for image in load_dataset(Settings.from_environment()).test.images[:2_000]:
        assert (preprocess(file_of(Image.fromarray(image), "PNG"), FROM_PAGE) == image).all()


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
