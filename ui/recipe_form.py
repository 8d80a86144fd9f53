"""The inputs of a recipe: a named one, or your own settings."""

from typing import get_args

import streamlit as st

from fmnist.recipe import HELD_OUT_IMAGES, LIMITS, NAMED, TRAINING_IMAGES, Recipe, Validation
from ui.text import _, number


def recipe_form() -> Recipe:
    """Draw the inputs and return the recipe they say. Raises InvalidRecipe for what a client sends past the inputs."""
    titles = {"notebook": _("Notebook"), "custom": _("Custom")}
    chosen = st.segmented_control(
        _("Recipe"), list(titles), format_func=titles.__getitem__, default="notebook", required=True, key="recipe",
        persist_state="session",
    )  # fmt: skip
    if chosen in NAMED:
        recipe = NAMED[chosen]
        st.caption(
            _(
                "The student's notebook: {epochs} epochs of all {images} training images in batches of {batch}. "
                "It validates on the test set, so its validation accuracy is slightly optimistic.",
                epochs=recipe.epochs,
                images=number(recipe.training_images),
                batch=recipe.batch_size,
            )
        )
        return recipe
    return _own_settings()


def _own_settings() -> Recipe:
    default = Recipe()
    epochs = _whole("epochs", _("Epochs"), default.epochs, _("How often the network sees every training image."))
    batch_size = _whole(
        "batch_size", _("Batch size"), default.batch_size, _("How many images it sees before each small correction.")
    )
    with st.expander(_("Advanced settings")):
        least, most = LIMITS["learning_rate"]
        learning_rate = st.number_input(
            _("Learning rate"), least, most, default.learning_rate, step=1e-4, format="%g", key="learning_rate",
            persist_state="session", help=_("How large each correction is. Too large, and the network forgets."),
        )  # fmt: skip
        validations = {
            "held_out": _("The last {count} training images", count=number(HELD_OUT_IMAGES)),
            "test": _("The test images, as in the notebook"),
        }
        validation = st.radio(
            _("Validate on"), get_args(Validation), format_func=validations.__getitem__, key="validation",
            persist_state="session", help=_("Images that are not trained on show whether it learned or memorised."),
        )  # fmt: skip
        most_images = TRAINING_IMAGES - (HELD_OUT_IMAGES if validation == "held_out" else 0)
        images = st.number_input(
            _("Training images"), int(LIMITS["training_images"][0]), most_images, most_images, step=1_000,
            key=f"training_images_{validation}", persist_state="session", help=_("Fewer train faster and worse."),
        )  # fmt: skip
        seed = _whole("seed", _("Seed"), default.seed, _("Of the first weights and of the order of the images."))
    return Recipe(epochs, batch_size, learning_rate, seed, validation, images)


def _whole(field: str, label: str, default: int, meaning: str) -> int:
    least, most = (int(limit) for limit in LIMITS[field])
    return st.number_input(label, least, most, default, key=field, persist_state="session", help=meaning)
