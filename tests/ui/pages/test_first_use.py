"""A new machine: nothing was trained, and every page works with the network that came with the project."""

import json

import pytest

from fmnist.pretrained.network import read
from tests.ui.conftest import components, sentences
from tests.ui.pages.predict_page import answer, data
from tests.ui.pages.train_page import block
from ui.i18n.text import percent


@pytest.fixture
def newcomer(project_run, visit):
    return visit


ACCURACY = read().record["epochs"][-1]["test_accuracy"]


@pytest.mark.parametrize("page", ["start", "data", "train", "predict", "evaluate", "compare"])
@pytest.mark.parametrize("browser", ["en-US", "es-ES"])
def test_every_page_works_at_once(newcomer, page, browser):
    tab = newcomer(page, browser)
    assert tab.title[0].value
    assert not tab.error
    assert not tab.warning


def test_it_answers(newcomer):
    tab = newcomer("predict")
    assert answer(tab)[1].argmax() == 2
    assert [name for _id, name in data(tab)["runs"]] == [f"Run 0 · Best, included · test accuracy {percent(ACCURACY)}"]


@pytest.mark.parametrize("projection", ["pca", "tsne"])
def test_both_maps_are_there(newcomer, projection):
    tab = newcomer("evaluate", evaluate_view="map", projection=projection)
    (drawn,) = components(tab)
    assert json.loads(drawn.proto.json)["count"] == 10_000


def test_the_epochs_that_are_kept_can_be_chosen(newcomer):
    sent = data(newcomer("predict"))["run"]["epochs"]
    assert [epoch for epoch, _digest in sent] == [1, 2, 3, 5, 8, 13, 22, 36, 60, 100]


def test_an_epoch_that_is_not_kept_has_a_warning(newcomer):
    tab = newcomer("predict", epoch="99")
    assert "Run 0 has no network of epoch 99; that of epoch 100 is used." in sentences(tab)


def test_train_shows_the_network_and_offers_only_possible_actions(newcomer):
    tab = newcomer("train")
    assert block(tab)["ending"]["ways"] == ["try", "mistakes"]
    assert "Delete" not in {button.label for button in tab.button}
    assert block(tab)["ending"]["more"] is None


def test_the_first_training_has_the_chart_for_itself(newcomer):
    tab = newcomer("train")
    (train,) = [button for button in tab.button if button.label == "Train"]
    train.click().run()
    assert tab.multiselect(key="choose_compare").value == ()
