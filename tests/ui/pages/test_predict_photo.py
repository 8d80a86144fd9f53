"""A photograph of one's own: sent, predicted, kept in the address."""

import base64

import numpy as np
import pytest
from PIL import Image

from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import from_text, preprocess
from fmnist.pretrained.network import read
from testing.photographs import file_of, photograph
from tests.ui.conftest import sentences
from tests.ui.pages.predict_page import answer, data, take


@pytest.fixture
def newcomer(project_run, visit):
    return lambda **parameters: visit("predict", source="photo", **parameters)


@pytest.fixture
def coat(dataset):
    """A photograph of a coat."""
    return file_of(photograph(dataset.test.images[6], np.random.default_rng(0)))


def sent(content, name="coat.jpg", number=1):
    """Return the script's message for a file."""
    return {"number": number, "name": name, "photo": "data:;base64," + base64.b64encode(content).decode()}


def test_a_photograph_is_predicted_and_kept_in_the_address(newcomer, coat):
    tab = take(newcomer(), sent(coat))
    seen = preprocess(coat)
    image, logits = answer(tab)

    assert (image == seen).all()
    assert logits == pytest.approx(Classifier(read().kept[-1].weights).logits(seen[np.newaxis])[0], abs=1e-2)
    assert (from_text(tab.query_params["picture"]) == seen).all()
    again = newcomer(picture=tab.query_params["picture"])
    assert (answer(again)[0] == seen).all()


def test_the_last_choice_is_what_is_shown_even_where_it_is_refused(newcomer, coat):
    white = file_of(Image.new("RGB", (200, 200), "white"), "PNG")
    tab = take(newcomer(), sent(coat, number=3))
    picture = tab.query_params["picture"]
    assert data(tab)["photo"]["result"] == {"number": 3, "picture": picture}

    take(tab, sent(white, "white.png", number=4))
    assert data(tab)["photo"]["error"] == (
        "white.png: Nothing stands out from the edges of the picture; choose one with a plain background."
    )
    assert data(tab)["answer"] is None and "picture" not in tab.query_params

    take(tab, sent(coat, number=5))
    assert data(tab)["photo"]["error"] is None
    assert tab.query_params["picture"] == picture


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "large.heic: The file holds no picture that can be read; choose a PNG or a JPEG."),
        (bytes(400_000), "large.heic: The file has more than 300,000 bytes; choose a smaller picture."),
    ],
)
def test_a_file_without_a_picture_is_named(newcomer, content, sentence):
    message = sent(content, "large.heic") if content else {"number": 1, "name": "large.heic", "photo": None}

    assert data(take(newcomer(), message))["photo"]["error"] == sentence


PHOTOS: list[object] = [1, "", "data:,", "data:image/jpeg;base64,?", "x" * 50, {"a": 1}, [], None, True]
ODD: list[object] = [None, [], {}, 10**30, "x" * 10_000, "`\n# a"]
FORGED: list[object] = [
    1, "x", [], {"a": 1}, True,
    *({"number": 1, "name": "a", "photo": photo} for photo in PHOTOS),
    *({"number": odd, "name": odd, "photo": "data:,"} for odd in ODD),
]  # fmt: skip


@pytest.mark.parametrize("value", FORGED)
def test_what_is_no_picture_is_refused(newcomer, value):
    tab = take(newcomer(), value)

    assert data(tab)["answer"] is None
    assert 0 < len(data(tab)["photo"]["error"]) < 300


def test_an_address_without_a_picture_is_told_of(newcomer):
    tab = newcomer(picture="abc")

    assert sentences(tab) == ["The address contains picture='abc', which is no picture; choose the picture again."]
    assert "picture" not in tab.query_params
