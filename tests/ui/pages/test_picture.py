"""A picture of one's own: sent, answered, kept in the address."""

import base64
import json

import numpy as np
import pytest
from PIL import Image

from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from fmnist.inference.picture import from_text, prepared, to_text
from fmnist.pretrained.network import read
from tests.photographs import file_of, photograph
from tests.ui.conftest import bars, numbers, send, sentences
from tests.ui.pages.predict_page import pictures, softmax
from ui.session import Session

SEEN = "What the network sees: 28 × 28 greys"


@pytest.fixture
def newcomer(project_run, visit):
    return visit


@pytest.fixture(scope="module")
def network():
    return Classifier(read().kept[-1].weights)


@pytest.fixture
def coat(dataset):
    """A photograph of a coat."""
    return file_of(photograph(dataset.test.images[6], np.random.default_rng(0)))


@pytest.fixture
def noise():
    """What is nothing to wear, as it stands in an address."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    return to_text(greys)


def data_url(content):
    return "data:image/jpeg;base64," + base64.b64encode(content).decode()


def take(tab, value):
    """Send what the browser sends when somebody has chosen a picture."""
    events = f"$$STREAMLIT_INTERNAL_KEY_{tab.get('bidi_component')[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "photo", "value": value}]))


def kinds(tab):
    return json.loads(tab.get("bidi_component")[1].proto.json)


def test_before_a_picture_is_taken_it_shows_what_the_network_knows(newcomer):
    tab = newcomer("picture")

    assert kinds(tab)["captions"] == list(CLASS_NAMES)
    assert not tab.metric and not bars(tab)
    assert "greys" not in tab.query_params


def test_what_it_knows_can_be_asked_about(newcomer, dataset):
    tab = newcomer("picture")
    events = f"$$STREAMLIT_INTERNAL_KEY_{tab.get('bidi_component')[1].proto.id}__events"
    send(tab, events, json_trigger_value=json.dumps([{"event": "open", "value": 9}]))

    assert tab.title[0].value == "Ask the network"
    assert tab.query_params["of"] == "train"
    assert dataset.train.labels[int(tab.query_params.get("index", Session.index))] == 9


def test_a_photograph_is_answered_by_the_chosen_network(newcomer, network, coat):
    tab = take(newcomer("picture"), data_url(coat))
    seen = prepared(coat)
    confidence = softmax(network.logits(seen[np.newaxis])[0])

    assert not tab.error
    assert pictures(tab)[0] == SEEN
    assert tab.metric[0].value == CLASS_NAMES[confidence.argmax()] == "Coat"
    (table,) = bars(tab)
    assert numbers(table)[:, 0] == pytest.approx(confidence, abs=6e-5)
    assert "true class" not in "".join(table.itertext())
    assert (from_text(tab.query_params["greys"]) == seen).all()


def test_a_link_shows_the_same_picture_and_answer(newcomer, coat):
    first = take(newcomer("picture"), data_url(coat))
    again = newcomer("picture", **first.query_params)

    assert again.metric[0].value == first.metric[0].value
    assert numbers(bars(again)[0]).tolist() == numbers(bars(first)[0]).tolist()
    assert again.query_params == first.query_params


def test_an_earlier_epoch_says_something_else(newcomer, coat):
    greys = to_text(prepared(coat))
    early, late = newcomer("picture", greys=greys, epoch="1"), newcomer("picture", greys=greys)

    assert (numbers(bars(early)[0]) != numbers(bars(late)[0])).any()


def test_a_known_kind_of_picture_is_told_from_a_foreign_one(newcomer, coat, noise):
    known = newcomer("picture", greys=to_text(prepared(coat)))
    assert [box.value.partition(";")[2].strip()[:31] for box in known.info] == ["you know whether it is right. T"]
    assert not known.warning

    foreign = newcomer("picture", greys=noise)
    (warned,) = foreign.warning
    assert warned.value.startswith("Unlike what it learned from: only ")
    assert not foreign.info


def test_why_it_answers_so_is_shown_too(newcomer, coat):
    tab = newcomer("picture", greys=to_text(prepared(coat)), layer="convolution_2")

    assert [header.value for header in tab.subheader] == [
        "Where it looked", "What each layer sees", "The nine most similar training images",
    ]  # fmt: skip
    assert tab.selectbox(key="choose_layer").value == "convolution_2"


def test_the_picture_stays_while_other_pages_are_looked_at(newcomer, coat):
    tab = take(newcomer("picture"), data_url(coat))
    greys = tab.query_params["greys"]
    tab.switch_page("ui/pages/predict.py").run()
    assert "greys" not in tab.query_params
    tab.switch_page("ui/pages/picture.py").run()

    assert tab.query_params["greys"] == greys
    assert tab.metric[0].value == "Coat"


def test_a_picture_without_clothing_is_refused_and_the_last_one_stays(newcomer, coat):
    tab = take(newcomer("picture"), data_url(coat))
    take(tab, data_url(file_of(Image.new("RGB", (200, 200), "white"))))

    assert [box.value.partition(" of")[0] for box in tab.error] == ["Nothing stands out from the edges"]
    assert tab.metric[0].value == "Coat"


@pytest.mark.parametrize("value", [1, "", "data:,", "data:image/jpeg;base64,?", "x" * 50, {"a": 1}, [], None, True])
def test_what_is_no_picture_is_refused(newcomer, value):
    tab = take(newcomer("picture"), value)

    assert len(tab.error) == (value is not None)
    assert not tab.metric
    assert len(kinds(tab)["captions"]) == 10


def test_an_address_without_a_picture_is_told_of(newcomer):
    tab = newcomer("picture", greys="abc")

    assert sentences(tab) == ["The address says greys='abc', which is no picture; choose the picture again."]
    assert "greys" not in tab.query_params
