import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from fmnist.errors import InvalidRecipe
from fmnist.recipe import BEST, FAST, HELD_OUT_IMAGES, LIMITS, NAMED, NOTEBOOK, TRAINING_IMAGES, Recipe

WHOLE = sorted(set(LIMITS) - {"learning_rate"})


def test_the_defaults_are_a_recipe_whose_test_set_is_only_reported_on():
    assert Recipe().validation == "held_out"
    assert Recipe().training_images + HELD_OUT_IMAGES == TRAINING_IMAGES


def test_the_notebooks_settings():
    assert Recipe(10, 32, 1e-3, 0, "test", 60_000, "adam") == NOTEBOOK == NAMED["notebook"]


def test_fast_keeps_the_test_set_for_reporting():
    assert NAMED["fast"].validation == "held_out"
    assert NAMED["fast"].optimizer == "muon"


@pytest.mark.parametrize("value", ["sgd", "", "Adam", None, 1, ["adam"]])
def test_another_optimizer_is_refused(value):
    with pytest.raises(InvalidRecipe, match=r"optimizer is .*; choose 'adam' or 'muon'"):
        Recipe(optimizer=value)


def test_each_optimizer_has_its_own_learning_rate():
    assert (Recipe().learning_rate, Recipe(optimizer="muon").learning_rate) == (0.001, FAST.learning_rate)
    assert Recipe.from_json('{"optimizer": "muon"}').learning_rate == FAST.learning_rate
    assert Recipe(optimizer="muon", learning_rate=0.001).learning_rate == 0.001, "what is given is taken"


def test_another_optimizer_comes_with_its_own_learning_rate():
    assert BEST.changed(optimizer="adam") == replace(BEST, optimizer="adam", learning_rate=0.001)
    assert BEST.changed(optimizer="adam", learning_rate=0.01).learning_rate == 0.01
    assert BEST.changed(optimizer="muon", seed=7) == replace(BEST, seed=7)
    with pytest.raises(InvalidRecipe, match="optimizer is 'sgd'"):
        BEST.changed(optimizer="sgd")


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_the_limits_themselves_are_allowed(field, end):
    value = LIMITS[field][end]

    assert getattr(Recipe(**{field: value, "validation": "test"}), field) == value


@pytest.mark.parametrize("field", WHOLE)
def test_a_whole_number_outside_its_limits_is_refused(field):
    least, most = LIMITS[field]
    for value in (least - 1, most + 1, 10**30, -(10**30)):
        with pytest.raises(InvalidRecipe) as refusal:
            Recipe(**{field: value, "validation": "test"})
        assert str(refusal.value) == f"{field} is {value}; choose a whole number from {least:,} to {most:,}."


@pytest.mark.parametrize("field", WHOLE)
@pytest.mark.parametrize("value", [100.0, "100", None, True, [100], float("nan"), float("inf")])
def test_what_is_no_whole_number_is_refused(field, value):
    with pytest.raises(InvalidRecipe, match=f"{field} is .*; choose a whole number from"):
        Recipe(**{field: value})


@pytest.mark.parametrize(
    "value", [0, 0.0, 9e-6, 1.0001, -1e-3, float("nan"), float("inf"), float("-inf"), "1e-3", None, True, 10**400]
)
def test_a_learning_rate_outside_its_limits_is_refused(value):
    with pytest.raises(InvalidRecipe, match=r"learning_rate is .*; choose a number from 1e-05 to 1"):
        Recipe(learning_rate=value)


@pytest.mark.parametrize("value", ["train", "", "Test", None, 1, ["test"]])
def test_another_validation_is_refused(value):
    with pytest.raises(InvalidRecipe, match=r"validation is .*; choose 'held_out' or 'test'"):
        Recipe(validation=value)


def test_images_held_out_cannot_be_trained_on():
    assert Recipe(training_images=55_000).training_images == 55_000
    with pytest.raises(InvalidRecipe, match="training_images is 55,001; with 5,000 images held out, choose at most"):
        Recipe(training_images=55_001)


def test_a_recipe_does_not_change():
    with pytest.raises(FrozenInstanceError):
        Recipe().epochs = 7


@pytest.mark.parametrize("name", NAMED)
def test_a_named_recipe_has_its_name_whatever_the_seed(name):
    assert NAMED[name].name == name
    assert replace(NAMED[name], seed=NAMED[name].seed + 1).name == name


def test_other_settings_are_a_custom_recipe():
    assert replace(NOTEBOOK, epochs=11).name == "custom"


@pytest.mark.parametrize("recipe", [Recipe(), NOTEBOOK, Recipe(200, 17, 0.00012, 2**32 - 1, "test", 100)])
def test_json_brings_back_the_same(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert "\n" not in recipe.to_json()
    assert set(json.loads(recipe.to_json())) == {field.name for field in fields(Recipe)}


def test_settings_left_out_have_their_defaults():
    assert Recipe.from_json('{"epochs": 7}') == Recipe(epochs=7)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "null", "3", '"epochs"', '{"epochs": 3', "x" * 10_000])
def test_what_is_no_json_object_is_refused(text):
    with pytest.raises(
        InvalidRecipe, match="is not a JSON object of settings; the settings are augmentation, "
    ) as refusal:
        Recipe.from_json(text)
    assert len(str(refusal.value)) < 500


def test_unknown_settings_are_named():
    with pytest.raises(InvalidRecipe, match="There is no setting colour, size; the settings are augmentation, "):
        Recipe.from_json('{"size": 1, "epochs": 3, "colour": 2}')


@pytest.mark.parametrize("text", ['{"epochs": 0}', '{"epochs": 1e400}', '{"learning_rate": NaN}', '{"validation": {}}'])
def test_bad_values_in_json_are_refused(text):
    with pytest.raises(InvalidRecipe, match="choose"):
        Recipe.from_json(text)
