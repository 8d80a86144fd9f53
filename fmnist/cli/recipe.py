"""Command-line options of a recipe: a named one, and each of its settings."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, get_args

import click

from fmnist.cli.group import Whole
from fmnist.recipe import LEARNING_RATES, LIMITS, NAMED, OWN_RATE, Recipe

MEANINGS = {
    "epochs": "The number of passes over the training images",
    "batch_size": "Images in each update of the weights",
    "learning_rate": "The size of each update; too large, and the training diverges",
    "seed": "Seed of the initial weights and of the order of the images",
    "validation": "Images for the validation accuracy: the last 5,000 training images, which are then held out, or "
    "the test images, as in the notebook",
    "training_images": "The number of training images, counted from the first; with held_out at most 55,000",
    "optimizer": "Adam, as in the notebook, or Muon, which is as accurate in a fraction of the time",
    "augmentation": "Shift, flip or erase each image at random in every epoch; the network learns more slowly and "
    "overfits less",
    "distillation": "Learn from the soft labels of larger networks, too, which are included",
}


def recipe_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for a named recipe, and one for each setting, with its meaning, limits and defaults."""
    for field in reversed(fields(Recipe)):
        meaning = MEANINGS[field.name]
        if field.name in LIMITS:
            least, most = LIMITS[field.name]
            kind, meaning = Whole() if field.type is int else field.type, f"{meaning}: {least:g} to {most:,.10g}"
        else:
            kind = click.BOOL if field.type is bool else click.Choice(get_args(field.type))
        explained = f"{meaning}.  [default: {_defaults(field.name)}]"
        command = click.option(f"--{field.name.replace('_', '-')}", type=kind, help=explained)(command)
    named = click.option(
        "--recipe", "name", type=click.Choice(list(NAMED)), help="A named recipe, of which the options below change "
        "single settings.  [default: none, each setting has its own default]",
    )  # fmt: skip
    return named(command)


def chosen_recipe(name: str | None, **settings: Any) -> Recipe:
    """Return the recipe of these options. Raises InvalidRecipe."""
    given = {setting: value for setting, value in settings.items() if value is not None}
    return (NAMED[name] if name else Recipe()).changed(**given)


def _defaults(setting: str) -> str:
    """Return a setting's default, and those of the named recipes where they differ."""
    if setting == "learning_rate":
        plain = [f"{rate:g} with {optimizer}" for optimizer, rate in LEARNING_RATES.items()]
        others = {name: recipe for name, recipe in NAMED.items() if recipe != replace(recipe, learning_rate=OWN_RATE)}
    else:
        plain = [_shown(Recipe(), setting)]
        others = {name: each for name, each in NAMED.items() if getattr(each, setting) != getattr(Recipe(), setting)}
    return ", ".join([*plain, *(f"{_shown(recipe, setting)} with {name}" for name, recipe in others.items())])


def _shown(recipe: Recipe, setting: str) -> str:
    return str(getattr(recipe, setting)).lower()
