"""The form of a recipe: a named one, or custom settings."""

from typing import get_args

import streamlit as st

from fmnist.recipe import (
    BEST,
    FAST,
    HELD_OUT_IMAGES,
    LEARNING_RATES,
    LIMITS,
    NAMED,
    NOTEBOOK,
    TRAINING_IMAGES,
    Optimizer,
    Recipe,
    Validation,
)
from fmnist.runs.estimate import Estimate, estimate
from fmnist.runs.record import Run
from ui.i18n.names import optimizer_names, recipe_names, validation_names
from ui.i18n.text import _, ngettext, number, percent, rough_duration
from ui.server import resources


def recipe_form(runs: list[Run]) -> Recipe:
    """Draw the form and return its recipe. Raises InvalidRecipe for a value that the inputs do not allow.

    The times and accuracies beside the recipes come from the `runs`.
    """
    titles = recipe_names()
    own = {name: _expectation(recipe, runs) for name, recipe in NAMED.items()}
    chosen = st.radio(
        _("**Recipe**: how the network is trained"), list(titles), format_func=titles.__getitem__,
        captions=[own.get(name, _("your own settings")) for name in titles], help=_descriptions(),
        key="recipe", persist_state="session",
    )  # fmt: skip
    if chosen in NAMED:
        return NAMED[chosen]
    recipe = _custom_recipe()
    st.caption(_expectation(recipe, runs))
    return recipe


def _expectation(recipe: Recipe, runs: list[Run]) -> str:
    return expectation(recipe.epochs, estimate(recipe, runs, resources.this_machine()))


def expectation(epochs: int, expected: Estimate) -> str:
    """Return the epochs of a training, and its duration and accuracy as far as earlier runs tell them."""
    parts = [ngettext("{count} epoch", "{count} epochs", epochs)]
    if expected.seconds is not None:
        parts.append(_("about {time}", time=rough_duration(expected.seconds)))
    if expected.accuracy is not None:
        accuracy = percent(expected.accuracy)
        parts.append(_("usually {accuracy}", accuracy=accuracy) if expected.runs > 1 else accuracy)
    return ", ".join(parts)


def _descriptions() -> str:
    fast = _(
        "The same network, trained in a fraction of the time: {epochs} epochs of {images} training images in batches "
        "of {batch}. The other {held_out} are the validation set; the test images only measure the result.",
        held_out=number(HELD_OUT_IMAGES),
        epochs=FAST.epochs,
        images=number(FAST.training_images),
        batch=FAST.batch_size,
    )
    notebook = _(
        "The student's notebook: {epochs} epochs of all {images} training images in batches of {batch}. The test "
        "images are the validation set, so the validation accuracy is slightly optimistic.",
        epochs=NOTEBOOK.epochs,
        images=number(NOTEBOOK.training_images),
        batch=NOTEBOOK.batch_size,
    )
    best = _(
        "The same network, trained for the highest accuracy: {epochs} epochs with data augmentation and knowledge "
        "distillation from larger networks. The network included in the project was trained this way.",
        epochs=BEST.epochs,
    )
    time = _("A recipe's time is known after its first run on this machine, its usual accuracy after two.")
    titles = recipe_names()
    described = {"fast": fast, "notebook": notebook, "best": best}
    return "\n\n".join([*(f"**{titles[name]}** {text}" for name, text in described.items()), time])


def fill_form(recipe: Recipe) -> None:
    """Set the form to custom settings, those of a recipe; before it is drawn."""
    values = {
        "recipe": "custom",
        "advanced_settings": True,  # unfolded
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "optimizer": recipe.optimizer,
        f"learning_rate_{recipe.optimizer}": recipe.learning_rate,
        "validation": recipe.validation,
        f"training_images_{recipe.validation}": recipe.training_images,
        "augmentation": recipe.augmentation,
        "distillation": recipe.distillation,
    }
    for key, value in values.items():
        st.session_state[key] = value


def _custom_recipe() -> Recipe:
    default = Recipe()
    epochs = _whole("epochs", _("Epochs"), default.epochs, _("The number of passes through all training images."))
    batch_size = _whole(
        "batch_size", _("Batch size"), default.batch_size, _("The number of images between two updates of the weights.")
    )
    with st.expander(_("Advanced settings"), key="advanced_settings", on_change="rerun"):
        names = optimizer_names()
        optimizer = st.radio(
            _("Optimizer"), get_args(Optimizer), format_func=names.__getitem__, key="optimizer",
            persist_state="session",
            help=_("The rule that updates the weights. The trained network has the same layers either way."),
        )  # fmt: skip
        least, most = LIMITS["learning_rate"]
        rate = LEARNING_RATES[optimizer]
        learning_rate = st.number_input(
            _("Learning rate"), least, most, rate, step=rate / 10, format="%g", key=f"learning_rate_{optimizer}",
            persist_state="session",
            help=_("The size of each update of the weights. Too large, and training diverges."),
        )  # fmt: skip
        validations = validation_names()
        validation = st.radio(
            _("Validation set"), get_args(Validation), format_func=validations.__getitem__, key="validation",
            persist_state="session",
            help=_("Images that are not trained on show whether the network generalizes or overfits."),
        )  # fmt: skip
        most_images = TRAINING_IMAGES - (HELD_OUT_IMAGES if validation == "held_out" else 0)
        images = st.number_input(
            _("Training images"), int(LIMITS["training_images"][0]), most_images, most_images, step=1_000,
            key=f"training_images_{validation}", persist_state="session",
            help=_("Fewer images: a shorter training and a lower accuracy."),
        )  # fmt: skip
        augmentation = st.checkbox(
            _("Data augmentation"), key="augmentation", persist_state="session",
            help=_("The images are shifted by a pixel, flipped, or erased in part, at random in every epoch: a "
                   "slower training, less overfitting."),
        )  # fmt: skip
        distillation = st.checkbox(
            _("Knowledge distillation"),
            key="distillation",
            persist_state="session",
            help=_(
                "The predictions of larger networks, which are included in the project, are targets besides the "
                "true classes: they also show which classes look alike."
            ),
        )
    return Recipe(
        epochs, batch_size, learning_rate, default.seed, validation, images, optimizer, augmentation, distillation
    )


def _whole(field: str, label: str, default: int, meaning: str) -> int:
    least, most = (int(limit) for limit in LIMITS[field])
    return st.number_input(label, least, most, default, key=field, persist_state="session", help=meaning)
