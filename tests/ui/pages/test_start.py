"""Start: the game's images and words, and the ways into the other pages."""

import json

import numpy as np
import pytest

from fmnist.analysis.metrics import softmax
from fmnist.data import sources
from fmnist.pretrained.network import read
from fmnist.recipe import FAST
from fmnist.runs.record import Claim
from fmnist.system import hardware
from tests.conftest import claim
from tests.ui.conftest import click, components, send, sentences
from ui.server.dataset import dataset_loader

UNKNOWN_TIME = "Train your own"


def game(tab):
    (found,) = components(tab)
    return json.loads(found.proto.json)


def trigger(tab, event, value):
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": event, "value": value}]))


def shown(tab, labels):
    """The test images of the game, found by their probabilities."""
    every = softmax(read().kept[-1].test_logits)
    found = [int(np.abs(every - image["probabilities"]).max(axis=1).argmin()) for image in game(tab)["images"]]
    assert [int(labels[index]) for index in found] == [image["label"] for image in game(tab)["images"]]
    return found


def test_five_images_come_with_the_answers_of_the_included_network(visit, labels):
    tab = visit("start")

    assert tab.title[0].value == "What is it?"
    assert len(set(shown(tab, labels))) == 5
    assert game(tab)["human"] == "83.5%"
    assert "of all 10,000 it gets 93.3%, people 83.5%" in game(tab)["end"]
    assert tab.query_params == {}


def test_a_visit_keeps_its_images_and_can_have_others(visit, labels):
    tab = visit("start")
    before = shown(tab, labels)
    assert shown(tab.run(), labels) == before
    trigger(tab, "more", True)
    after = shown(tab, labels)
    assert after != before
    assert shown(visit("start"), labels) not in (before, after)


@pytest.mark.parametrize("place", [0, 4])
def test_an_image_opens_on_predict_with_the_network_that_answered(project_run, visit, store, labels, place):
    tab = visit("start")
    index = shown(tab, labels)[place]
    trigger(tab, "open", place)

    assert tab.title[0].value == "Predict"
    state = tab.session_state["session"]
    assert (state.index, state.run) == (index, store.runs()[0].id)


def test_the_first_training_begins_at_once_and_its_time_is_not_known(project_run, visit, store):
    tab = visit("start")
    assert "It starts knowing nothing, and learns while you watch. How long it takes here is known after the first " \
        "time." in [caption.value for caption in tab.caption]  # fmt: skip
    click(tab, UNKNOWN_TIME)

    assert tab.title[0].value == "Train a network"
    run = store.runs()[0]
    assert (run.recipe.name, run.status) == ("fast", "queued")
    assert tab.session_state["session"].run == run.id

    tab.switch_page("ui/pages/start.py").run()
    click(tab, "See your network learn")
    assert tab.title[0].value == "Train a network"
    assert len(store.runs()) == 2


def test_a_measured_time_is_on_the_button(visit, store, train_epochs):
    run = store.submit(FAST, "page")
    claim(store, run.id, "worker", hardware.describe())
    train_epochs(run.id, "worker", *range(1, FAST.epochs + 1))
    store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")

    assert "Train your own (about 4 s)" in [button.label for button in visit("start").button]
    assert "Entrena tu propia red (unos 4 s)" in [button.label for button in visit("start", "es").button]


@pytest.mark.parametrize(
    ("way", "title", "field", "value"),
    [
        ("Draw something", "Predict", "source", "draw"),
        ("Your own photo", "Predict", "source", "photo"),
        ("See the data", "The data set", "split", "train"),
    ],
)
def test_a_way_leads_to_its_page(project_run, visit, way, title, field, value):
    tab = click(visit("start"), way)
    assert tab.title[0].value == title
    assert getattr(tab.session_state["session"], field) == value


def test_articles_belong_to_the_class(visit):
    nouns = game(visit("start", "es"))["nouns"]
    assert (nouns[4], nouns[0], nouns[7]) == ("un *abrigo*", "una *playera*", "unos *tenis*")


@pytest.fixture
def no_dataset(server, monkeypatch):
    monkeypatch.setattr(sources, "load_file", refuse)
    dataset_loader.forget()
    yield
    dataset_loader.forget()


def refuse(*_arguments):
    raise sources.DataUnavailable("There is no data in {place}.", place="Lima")


def test_without_data_the_reason_takes_the_place_of_the_images(no_dataset, visit):
    dataset_loader().wait(300)
    tab = visit("start")

    assert sentences(tab)[0] == "There is no data in Lima."
    assert components(tab) == []
    assert "See the data" in [button.label for button in tab.button]


def test_an_older_address_of_data_leads_there(visit):
    tab = visit("start", label="3", seed="5")
    assert tab.title[0].value == "The data set"
    assert tab.query_params == {"label": "3", "seed": "5"}
    tab.switch_page("ui/pages/start.py").run()
    assert tab.title[0].value == "What is it?"
