"""The inputs of a recipe, alone on a page."""

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.recipe import FAST, NOTEBOOK, Recipe
from fmnist.runs.estimate import Estimate
from ui.views.train.recipe_form import expectation


def form():
    import streamlit as st

    from fmnist.errors import InvalidRecipe
    from ui.i18n.text import explain
    from ui.views.train.recipe_form import recipe_form

    try:
        st.session_state["asked"] = recipe_form([])
    except InvalidRecipe as error:
        st.error(explain(error))


@pytest.fixture
def tab():
    drawn = AppTest.from_function(form, default_timeout=300)
    drawn.context = {"locale": "en"}
    yield drawn.run()
    assert not drawn.exception


def asked(tab):
    return tab.session_state["asked"]


@pytest.fixture
def custom(tab):
    return tab.radio(key="recipe").set_value("custom").run()


def test_fast_is_the_default_and_every_recipe_is_described(tab):
    assert asked(tab) == FAST
    help_text = tab.radio(key="recipe").proto.help
    assert "3 epochs of 55,000 training images in batches of 256. The other 5,000 are the validation set" in help_text
    assert "10 epochs of all 60,000 training images in batches of 32" in help_text
    assert "slightly optimistic" in help_text
    assert list(tab.radio(key="recipe").proto.captions) == ["3 epochs", "10 epochs", "100 epochs", "your own settings"]
    assert not tab.number_input


def test_the_notebook_is_chosen(tab):
    tab.radio(key="recipe").set_value("notebook").run()
    assert asked(tab) == NOTEBOOK
    assert not tab.number_input


def test_own_settings_begin_at_the_defaults(custom):
    assert asked(custom) == Recipe()


@pytest.mark.parametrize(("key", "value"), [("epochs", 200), ("batch_size", 16), ("learning_rate_adam", 0.01)])
def test_every_number_reaches_the_recipe(custom, key, value):
    custom.number_input(key=key).set_value(value).run()

    assert asked(custom) == Recipe(**{key.removesuffix("_adam"): value})


def test_each_optimizer_has_its_own_learning_rate(custom):
    custom.number_input(key="learning_rate_adam").set_value(0.002).run()
    custom.radio(key="optimizer").set_value("muon").run()
    assert asked(custom) == Recipe(optimizer="muon", learning_rate=FAST.learning_rate)

    custom.radio(key="optimizer").set_value("adam").run()
    assert asked(custom) == Recipe(learning_rate=0.002), "what was typed before is still there"


def test_fasts_settings_are_fast_whoever_typed_them(custom):
    custom.number_input(key="epochs").set_value(FAST.epochs)
    custom.number_input(key="batch_size").set_value(FAST.batch_size)
    custom.radio(key="optimizer").set_value("muon").run()

    assert asked(custom).name == "fast"


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (Estimate(None, None, 0), "3 epochs"),
        (Estimate(13.6, None, 0), "3 epochs, about 14 s"),
        (Estimate(170, 0.9065, 3), "3 epochs, about 3 min, usually 90.6%"),
        (Estimate(None, 0.9065, 1), "3 epochs, 90.6%"),
    ],
)
def test_what_is_expected_is_said_as_far_as_it_is_known(speak, expected, sentence):
    speak("en")
    assert expectation(3, expected) == sentence


def test_the_images_to_train_on_depend_on_those_held_out(custom):
    custom.number_input(key="training_images_held_out").set_value(1_000).run()
    assert asked(custom) == Recipe(training_images=1_000)

    custom.radio(key="validation").set_value("test").run()
    assert asked(custom) == Recipe(validation="test", training_images=60_000)

    custom.radio(key="validation").set_value("held_out").run()
    assert asked(custom) == Recipe(training_images=1_000), "what was typed before is still there"


def test_settings_are_remembered_while_the_notebook_is_looked_at(custom):
    custom.number_input(key="epochs").set_value(3).run()
    custom.radio(key="recipe").set_value("notebook").run()
    assert asked(custom) == NOTEBOOK
    custom.radio(key="recipe").set_value("custom").run()

    assert asked(custom) == Recipe(epochs=3)


def test_the_notebooks_settings_are_the_notebook_whoever_typed_them(custom):
    custom.number_input(key="epochs").set_value(10)
    custom.number_input(key="batch_size").set_value(32)
    custom.radio(key="validation").set_value("test").run()

    assert asked(custom) == NOTEBOOK
    assert asked(custom).name == "notebook"


@pytest.mark.parametrize("value", [0, -1, 10**9, 2**53])
@pytest.mark.parametrize("key", ["epochs", "batch_size", "learning_rate_adam", "training_images_held_out"])
def test_numbers_past_the_inputs_never_reach_a_recipe(custom, key, value):
    custom.number_input(key=key).set_value(value).run()

    assert asked(custom) == Recipe(), "the input goes back to its default"
