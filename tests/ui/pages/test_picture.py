"""A picture of one's own: sent, predicted, kept in the address."""

import base64
import json

import numpy as np
import pytest
from PIL import Image

from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import from_text, preprocess, to_text
from fmnist.pretrained.network import read
from testing.photographs import file_of, photograph
from tests.ui.conftest import bars, components, numbers, send, sentences
from tests.ui.pages.predict_page import pictures, softmax
from ui.state.session import Session

SEEN = "The network's input: 28 × 28 gray values"


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
    """A picture without clothes, as a URL has it."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    return to_text(greys)


def sent(content, name="coat.jpg", number=1):
    """Return the script's message for a file."""
    return {"number": number, "name": name, "photo": "data:;base64," + base64.b64encode(content).decode()}


def take(tab, value):
    """Send what the browser sends when somebody has chosen a picture."""
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "photo", "value": value}]))


def result(tab):
    return json.loads(components(tab)[0].proto.json)["result"]


def kinds(tab):
    return json.loads(components(tab)[1].proto.json)


def test_before_a_picture_is_taken_it_shows_what_the_network_knows(newcomer):
    tab = newcomer("picture")

    assert kinds(tab)["captions"] == list(CLASS_NAMES)
    assert not tab.metric and not bars(tab)
    assert "picture" not in tab.query_params


def test_what_it_knows_can_be_asked_about(newcomer, dataset):
    tab = newcomer("picture")
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[1].proto.id}__events"
    send(tab, events, json_trigger_value=json.dumps([{"event": "open", "value": 9}]))

    assert tab.title[0].value == "Predict the class of an image"
    assert tab.query_params["sample_split"] == "train"
    assert dataset.train.labels[int(tab.query_params.get("index", Session.index))] == 9


def test_a_photograph_is_predicted_by_the_chosen_network(newcomer, network, coat):
    tab = take(newcomer("picture"), sent(coat))
    seen = preprocess(coat)
    confidence = softmax(network.logits(seen[np.newaxis])[0].astype(np.float16))

    assert not tab.error
    assert pictures(tab)[0] == SEEN
    assert tab.metric[0].value == CLASS_NAMES[confidence.argmax()] == "Coat"
    (table,) = bars(tab)
    assert numbers(table)[:, 0] == pytest.approx(confidence, abs=6e-5)
    assert "true class" not in "".join(table.itertext())
    assert (from_text(tab.query_params["picture"]) == seen).all()


def test_a_link_shows_the_same_picture_and_prediction(newcomer, coat):
    first = take(newcomer("picture"), sent(coat))
    again = newcomer("picture", **first.query_params)

    assert again.metric[0].value == first.metric[0].value
    assert numbers(bars(again)[0]).tolist() == numbers(bars(first)[0]).tolist()
    assert again.query_params == first.query_params


def test_an_earlier_epoch_predicts_another_class(newcomer, coat):
    greys = to_text(preprocess(coat))
    early, late = newcomer("picture", picture=greys, epoch="1"), newcomer("picture", picture=greys)

    assert (numbers(bars(early)[0]) != numbers(bars(late)[0])).any()


def test_a_picture_is_in_distribution_or_out_of_it(newcomer, coat, noise):
    known = newcomer("picture", picture=to_text(preprocess(coat)))
    (text,) = known.info
    assert "**In distribution:** the outputs of the layers are compared" in text.value
    assert not known.warning

    foreign = newcomer("picture", picture=noise)
    (warned,) = foreign.warning
    assert warned.value.startswith("**Out of distribution:** ")
    assert ": 0.2% of the held-out images are as far from the nearest class." in warned.value
    assert not foreign.info


def test_another_network_is_judged_by_its_energy(newcomer, coat):
    (text,) = newcomer("picture", picture=to_text(preprocess(coat)), epoch="1").info

    assert ": 7.3% of these have logits as low as this picture. Many foreign" in text.value


def test_why_it_answers_so_is_shown_too(newcomer, coat):
    tab = newcomer("picture", picture=to_text(preprocess(coat)), layer="convolution_2")

    assert [header.value for header in tab.header] == [
        "Saliency maps", "Activations: the output of each layer",
        "Nearest neighbors: the nine most similar training images",
    ]  # fmt: skip
    assert tab.selectbox(key="choose_layer").value == "convolution_2"


def test_the_picture_stays_while_other_pages_are_looked_at(newcomer, coat):
    tab = take(newcomer("picture"), sent(coat))
    greys = tab.query_params["picture"]
    tab.switch_page("ui/pages/predict.py").run()
    assert "picture" not in tab.query_params
    tab.switch_page("ui/pages/picture.py").run()

    assert tab.query_params["picture"] == greys
    assert tab.metric[0].value == "Coat"


def test_the_last_choice_is_what_is_shown_even_where_it_is_refused(newcomer, coat):
    white = file_of(Image.new("RGB", (200, 200), "white"), "PNG")
    tab = take(newcomer("picture"), sent(coat, number=3))
    greys = tab.query_params["picture"]
    assert result(tab) == {"number": 3, "picture": greys}

    take(tab, sent(white, "[a](//evil.test).png", number=4))
    refusal = [
        "[a](//evil.test).png: Nothing stands out from the edges of the picture; choose one with a plain background."
    ]
    assert sentences(tab) == refusal
    assert "`[a](//evil.test).png`" in tab.error[0].value
    assert not tab.metric and "picture" not in tab.query_params
    assert result(tab) == {"number": 4, "picture": None}

    tab.select_slider(key="choose_epoch").set_value(1).run()
    assert sentences(tab) == refusal

    take(tab, sent(coat, number=5))
    assert not tab.error and tab.metric
    assert tab.query_params["picture"] == greys


def test_a_file_that_no_browser_reads_is_named(newcomer):
    tab = take(newcomer("picture"), {"number": 1, "name": "large.heic", "photo": None})

    assert sentences(tab) == [
        "large.heic: The file holds no picture that can be read; choose a PNG or a JPEG."
    ]  # fmt: skip


def test_a_file_that_the_script_would_have_made_small_is_told_to_be_too_large(newcomer, coat):
    tab = take(newcomer("picture"), sent(coat + bytes(400_000)))

    assert sentences(tab) == ["coat.jpg: The file has more than 300,000 bytes; choose a smaller picture."]


def test_a_test_image_as_a_file_is_predicted_as_on_predict(newcomer, dataset):
    grey = Image.fromarray(dataset.test.images[169])
    own = take(newcomer("picture"), sent(file_of(grey, "PNG")))

    assert numbers(bars(own)[0])[:, 0].tolist() == numbers(bars(newcomer("predict", index="169"))[0])[:, 0].tolist()


PHOTOS: list[object] = [1, "", "data:,", "data:image/jpeg;base64,?", "x" * 50, {"a": 1}, [], None, True]
ODD: list[object] = [None, [], {}, 10**30, "x" * 10_000, "`\n# a"]
FORGED: list[object] = [
    1, "x", [], {"a": 1}, True, None,
    *({"number": 1, "name": "a", "photo": photo} for photo in PHOTOS),
    *({"number": odd, "name": odd, "photo": "data:,"} for odd in ODD),
]  # fmt: skip


@pytest.mark.parametrize("value", FORGED)
def test_what_is_no_picture_is_refused(newcomer, value):
    tab = take(newcomer("picture"), value)

    assert len(tab.error) == (value is not None)
    assert not any(len(box.value) > 300 for box in tab.error)
    assert not tab.metric
    assert len(kinds(tab)["captions"]) == 10


def test_an_address_without_a_picture_is_told_of(newcomer):
    tab = newcomer("picture", picture="abc")

    assert sentences(tab) == ["The address contains picture='abc', which is no picture; choose the picture again."]
    assert "picture" not in tab.query_params
