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
            "batches of {batch}. The other {held_out} are the validation set; the test images only measure the "
            "result.",
            held_out=number(HELD_OUT_IMAGES),
            epochs=FAST.epochs,
            images=number(FAST.training_images),
            batch=FAST.batch_size,
        ),
        NOTEBOOK: _(
            "The student's notebook: {epochs} epochs of all {images} training images in batches of {batch}. The "
            "test images are the validation set, so the validation accuracy is slightly optimistic.",
            epochs=NOTEBOOK.epochs,
            images=number(NOTEBOOK.training_images),
            batch=NOTEBOOK.batch_size,
        ),
        BEST: _(
            "The same network, trained for the highest accuracy: {epochs} epochs with data augmentation and "
            "knowledge distillation from larger networks. The network included in the project was trained this way.",
            epochs=BEST.epochs,
        ),
    }
    return meanings[recipe]


def estimate_sentence(expected: Estimate) -> str:
    """Return the estimated duration and accuracy of a training, from earlier runs."""
    if expected.seconds is None:
        time = _("Time: known after the first run on this machine with this optimizer and batch size.")
    else:
        time = _("About {time} of training on this machine.", time=duration(expected.seconds))
    if expected.accuracy is None:
        return time
    accuracy = ngettext(
        "Test accuracy so far: {accuracy} ({count} run of this recipe).",
        "Test accuracy so far: {accuracy} (median of {count} runs of this recipe).",
        expected.runs,
        accuracy=percent(expected.accuracy),
    )
    return f"{time} {accuracy}"


def _custom_recipe() -> Recipe:
    default = Recipe()
    epochs = _whole("epochs", _("Epochs"), default.epochs, _("The number of passes through all training images."))
    batch_size = _whole(
        "batch_size", _("Batch size"), default.batch_size, _("The number of images between two updates of the weights.")
    )
    with st.expander(_("Advanced settings")):
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
        seed = _whole("seed", _("Seed"), default.seed, _("It sets the initial weights and the order of the images."))
    return Recipe(epochs, batch_size, learning_rate, seed, validation, images, optimizer, augmentation, distillation)


def _whole(field: str, label: str, default: int, meaning: str) -> int:
    least, most = (int(limit) for limit in LIMITS[field])
    return st.number_input(label, least, most, default, key=field, persist_state="session", help=meaning)
