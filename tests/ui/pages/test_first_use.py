"""A new machine: nothing was trained, and every page works with the network that came with the project."""

import json

import pytest

from fmnist.pretrained.network import read
from tests.ui.conftest import charts, components, sentences
from ui.i18n.text import percent


@pytest.fixture
def newcomer(project_run, visit):
    return visit


ACCURACY = read().record["epochs"][-1]["test_accuracy"]


@pytest.mark.parametrize("page", ["data", "train", "predict", "picture", "evaluate", "map", "compare", "run"])
@pytest.mark.parametrize("browser", ["en-US", "es-ES"])
def test_every_page_works_at_once(newcomer, page, browser):
    tab = newcomer(page, browser)
    assert tab.title[0].value
    assert not tab.error
    assert not tab.warning


def test_it_answers(newcomer):
    tab = newcomer("predict")
    assert tab.metric[0].value == "Pullover"
    assert tab.selectbox(key="choose_run").options == [f"Run 0 · Best, included · test accuracy {percent(ACCURACY)}"]


@pytest.mark.parametrize("projection", ["pca", "tsne"])
def test_both_maps_are_there(newcomer, projection):
    tab = newcomer("map", projection=projection)
    (drawn,) = components(tab)
    assert json.loads(drawn.proto.json)["count"] == 10_000


def test_the_epochs_that_are_kept_can_be_chosen(newcomer):
    tab = newcomer("predict", predict_view="epochs")
    slider = tab.select_slider(key="choose_epoch")
    assert slider.options[0] == "1"
    assert (slider.options[-1], slider.value) == ("100", 100)
    slider.set_value(3).run()
    assert "Of the run's 100 epochs, 10 are kept." in [caption.value for caption in tab.caption]


def test_an_epoch_that_is_not_kept_has_a_warning(newcomer):
    tab = newcomer("predict", epoch="99")
    assert "Run 0 has no network of epoch 99; that of epoch 100 is used." in sentences(tab)


def test_train_has_a_hint_and_offers_only_possible_actions(newcomer):
    tab = newcomer("train")
    assert "Press Train and watch the accuracy of your own network grow." in sentences(tab)
    assert charts(tab)
    labels = {button.label for button in tab.button}
    assert "Try this network" in labels
    assert not labels & {"Delete", "Train longer", "Stop"}


def test_the_first_training_has_the_chart_for_itself(newcomer):
    tab = newcomer("train")
    (train,) = [button for button in tab.button if button.label == "Train"]
    train.click().run()
    assert tab.multiselect(key="choose_compare").value == ()
