"""The inputs of a recipe, alone on a page."""

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.recipe import FAST, NOTEBOOK, Recipe
from fmnist.runs.estimate import Estimate
from ui.views.train.recipe_form import estimate_sentence

KNOWN_LATER = "Time: known after the first run on this machine with this optimizer and batch size."


def form():
    import streamlit as st

    from fmnist.errors import InvalidRecipe
    from ui.i18n.text import explain
    from ui.views.train.recipe_form import recipe_form

    try:
        st.session_state["asked"] = recipe_form()
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
    return tab.button_group(key="recipe").set_value("custom").run()


def test_fast_is_the_default_and_is_described(tab):
    assert asked(tab) == FAST
    (caption,) = tab.caption
    assert "3 epochs of 55,000 training images in batches of 256" in caption.value
    assert "The other 5,000 are the validation set" in caption.value
    assert not tab.number_input


def test_the_notebook_is_described(tab):
    tab.button_group(key="recipe").set_value("notebook").run()
    assert asked(tab) == NOTEBOOK
    (caption,) = tab.caption
    assert "10 epochs of all 60,000 training images in batches of 32" in caption.value
    assert "slightly optimistic" in caption.value
    assert not tab.number_input


def test_own_settings_begin_at_the_defaults(custom):
    assert asked(custom) == Recipe()


@pytest.mark.parametrize(
    ("key", "value"), [("epochs", 200), ("batch_size", 16), ("learning_rate_adam", 0.01), ("seed", 2**32 - 1)]
)
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
        (Estimate(None, None, 0), KNOWN_LATER),
        (Estimate(7.6, None, 0), "About 8 s of training on this machine."),
        (
            Estimate(170, 0.9065, 3),
            "About 2 min 50 s of training on this machine. Test accuracy so far: 90.6% (median of 3 runs of "
            "this recipe).",
        ),
        (
            Estimate(None, 0.9065, 1),
            f"{KNOWN_LATER} Test accuracy so far: 90.6% (1 run of this recipe).",
        ),
    ],
)
def test_what_is_expected_is_said_as_far_as_it_is_known(speak, expected, sentence):
    speak("en")
    assert estimate_sentence(expected) == sentence


def test_the_images_to_train_on_depend_on_those_held_out(custom):
    custom.number_input(key="training_images_held_out").set_value(1_000).run()
    assert asked(custom) == Recipe(training_images=1_000)

    custom.radio(key="validation").set_value("test").run()
    assert asked(custom) == Recipe(validation="test", training_images=60_000)

    custom.radio(key="validation").set_value("held_out").run()
    assert asked(custom) == Recipe(training_images=1_000), "what was typed before is still there"


def test_settings_are_remembered_while_the_notebook_is_looked_at(custom):
    custom.number_input(key="epochs").set_value(3).run()
    custom.button_group(key="recipe").set_value("notebook").run()
    assert asked(custom) == NOTEBOOK
    custom.button_group(key="recipe").set_value("custom").run()

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
