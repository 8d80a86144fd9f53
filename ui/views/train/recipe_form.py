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
from fmnist.runs.estimate import Estimate
from ui.i18n.names import optimizer_names, recipe_names, validation_names
from ui.i18n.text import _, duration, ngettext, number, percent


def recipe_form() -> Recipe:
    """Draw the form and return its recipe. Raises InvalidRecipe for a value that the inputs do not allow."""
    titles = recipe_names()
    chosen = st.segmented_control(
        _("Recipe"), list(titles), format_func=titles.__getitem__, default="fast", required=True, key="recipe",
        persist_state="session",
    )  # fmt: skip
    if chosen not in NAMED:
        return _custom_recipe()
    recipe = NAMED[chosen]
    st.caption(_description(recipe))
    return recipe


def _description(recipe: Recipe) -> str:
    meanings = {
        FAST: _(
            "The same network, trained in a fraction of the time: {epochs} epochs of {images} training images in "
            "batches of {batch}. It validates on the other {held_out}, so the test images only tell how good it is.",
            held_out=number(HELD_OUT_IMAGES),
            epochs=FAST.epochs,
            images=number(FAST.training_images),
            batch=FAST.batch_size,
        ),
        NOTEBOOK: _(
            "The student's notebook: {epochs} epochs of all {images} training images in batches of {batch}. "
            "It validates on the test set, so its validation accuracy is slightly optimistic.",
            epochs=NOTEBOOK.epochs,
            images=number(NOTEBOOK.training_images),
            batch=NOTEBOOK.batch_size,
        ),
        BEST: _(
            "The same network, trained long for accuracy: {epochs} epochs in which every image is moved, mirrored or "
            "covered a little, while larger networks help to teach. The network that came with the project was "
            "trained so.",
            epochs=BEST.epochs,
        ),
    }
    return meanings[recipe]


def estimate_sentence(expected: Estimate) -> str:
    """Return the estimated duration and accuracy of a training, from earlier runs."""
    if expected.seconds is None:
        time = _("Time: known after the first run on this machine with this method and batch size.")
    else:
        time = _("About {time} of training on this machine.", time=duration(expected.seconds))
    if expected.accuracy is None:
        return time
    accuracy = ngettext(
        "So far {count} run of this recipe named {accuracy} of the test images correctly.",
        "So far {count} runs of this recipe named {accuracy} of the test images correctly (the median).",
        expected.runs,
        accuracy=percent(expected.accuracy),
    )
    return f"{time} {accuracy}"


def _custom_recipe() -> Recipe:
    default = Recipe()
    epochs = _whole("epochs", _("Epochs"), default.epochs, _("How often the network sees every training image."))
    batch_size = _whole(
        "batch_size", _("Batch size"), default.batch_size, _("How many images it sees before each small correction.")
    )
    with st.expander(_("Advanced settings")):
        names = optimizer_names()
        optimizer = st.radio(
            _("Method"), get_args(Optimizer), format_func=names.__getitem__, key="optimizer", persist_state="session",
            help=_("How the corrections are made. The trained network has the same layers either way."),
        )  # fmt: skip
        least, most = LIMITS["learning_rate"]
        rate = LEARNING_RATES[optimizer]
        learning_rate = st.number_input(
            _("Learning rate"), least, most, rate, step=rate / 10, format="%g", key=f"learning_rate_{optimizer}",
            persist_state="session", help=_("How large each correction is. Too large, and the network forgets."),
        )  # fmt: skip
        validations = validation_names()
        validation = st.radio(
            _("Validate on"), get_args(Validation), format_func=validations.__getitem__, key="validation",
            persist_state="session", help=_("Images that are not trained on show whether it learned or memorised."),
        )  # fmt: skip
        most_images = TRAINING_IMAGES - (HELD_OUT_IMAGES if validation == "held_out" else 0)
        images = st.number_input(
            _("Training images"), int(LIMITS["training_images"][0]), most_images, most_images, step=1_000,
            key=f"training_images_{validation}", persist_state="session", help=_("Fewer train faster and worse."),
        )  # fmt: skip
        augmentation = st.checkbox(
            _("Change the images a little"), key="augmentation", persist_state="session",
            help=_("Moved by a pixel, mirrored, or covered in part, anew in every epoch. Slower to learn, harder to "
                   "memorise."),
        )  # fmt: skip
        distillation = st.checkbox(
            _("Learn from larger networks, too"),
            key="distillation",
            persist_state="session",
            help=_(
                "Their answers to the training images came with the project; they also say which classes look alike."
            ),
        )
        seed = _whole("seed", _("Seed"), default.seed, _("Of the first weights and of the order of the images."))
    return Recipe(epochs, batch_size, learning_rate, seed, validation, images, optimizer, augmentation, distillation)


def _whole(field: str, label: str, default: int, meaning: str) -> int:
    least, most = (int(limit) for limit in LIMITS[field])
    return st.number_input(label, least, most, default, key=field, persist_state="session", help=meaning)
