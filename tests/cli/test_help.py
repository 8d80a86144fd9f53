import re

import click
import pytest

from fmnist.__main__ import main
from fmnist.cli.recipe import chosen_recipe
from fmnist.recipe import LEARNING_RATES, LIMITS, NAMED

OPTIONS = [
    pytest.param(name, option, id=f"{name} {option.opts[0]}")
    for name, command in main.commands.items()
    for option in command.params
    if isinstance(option, click.Option)
]


def defaults(shown: str, option: str) -> list[str]:
    """Return an option's defaults in the help: '5', '3 with fast', …"""
    text = " ".join(shown.split())
    found = re.search(rf" {option} .*?\[default: (.*?)\]", text)
    assert found
    return found[1].split(", ")


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_is_explained_in_a_sentence_and_has_its_default(name, option):
    sentence = option.help.partition("  [default")[0]
    assert re.fullmatch(r"[A-Z].*\w+ \w+.*\.", sentence)
    assert option.is_flag or option.show_default or "  [default: " in option.help


@pytest.mark.parametrize("name", main.commands)
def test_a_range_is_shown_with_both_limits_or_not_at_all(command, name):
    shown = command(name, "--help").stdout
    assert "None]" not in shown
    assert "x<" not in re.sub(r"\d<=x<=\d", "", shown)


@pytest.mark.parametrize("name", main.commands)
def test_every_argument_is_explained(name):
    for argument in main.commands[name].params:
        if isinstance(argument, click.Argument):
            for word in (argument.metavar or argument.name.upper()).split("|"):
                assert f"{word} is " in main.commands[name].help


@pytest.mark.parametrize("setting", LIMITS)
def test_the_help_of_a_setting_has_its_limits(command, setting):
    text = " ".join(command("train", "--help").stdout.split())
    least, most = LIMITS[setting]
    assert re.search(rf" --{setting.replace('_', '-')} .*?: {least:g} to {most:,.10g}\.", text)


@pytest.mark.parametrize("name", ["train", "check-determinism"])
@pytest.mark.parametrize("recipe", [None, *NAMED])
@pytest.mark.parametrize(
    "setting",
    ["epochs", "batch_size", "seed", "validation", "training_images", "optimizer", "augmentation", "distillation"],
)
def test_the_help_says_the_default_that_is_used(command, name, recipe, setting):
    plain, *others = defaults(command(name, "--help").stdout, f"--{setting.replace('_', '-')}")
    shown = {name: value for value, name in (other.split(" with ") for other in others)}
    assert str(getattr(chosen_recipe(recipe), setting)).lower() == shown.get(recipe, plain)


@pytest.mark.parametrize("recipe", [None, *NAMED])
@pytest.mark.parametrize("optimizer", [None, *LEARNING_RATES])
def test_the_help_says_the_learning_rate_that_is_used(command, recipe, optimizer):
    shown = defaults(command("train", "--help").stdout, "--learning-rate")
    rates = {name: float(rate) for rate, name in (each.split(" with ") for each in shown)}
    plain = chosen_recipe(recipe)
    chosen = chosen_recipe(recipe, optimizer=optimizer)
    expected = (
        rates.get(recipe, rates[chosen.optimizer]) if chosen.optimizer == plain.optimizer else rates[chosen.optimizer]
    )
    assert chosen.learning_rate == expected
