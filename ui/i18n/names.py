"""Names of classes, recipes, runs and layers in the language of the tab."""

from fmnist.architecture import Layer
from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import HELD_OUT_IMAGES, Optimizer, Validation
from fmnist.runs.record import Run
from ui.i18n.text import _, ngettext, number, percent


def class_name(label: int) -> str:
    """Return the name of a class in the tab's language."""
    return _(CLASS_NAMES[label])


def class_names() -> list[str]:
    """Return the names of the ten classes, in the order of their labels."""
    return [class_name(label) for label in range(len(CLASS_NAMES))]


def class_plurals() -> list[str]:
    """Return the ten classes as plural nouns, in the order of their labels."""
    return [
        _("T-shirts"),
        _("trousers"),
        _("pullovers"),
        _("dresses"),
        _("coats"),
        _("sandals"),
        _("shirts"),
        _("sneakers"),
        _("bags"),
        _("ankle boots"),
    ]


def nouns() -> list[str]:
    """Return the ten classes as nouns with their article, in the order of their labels; asterisks enclose the noun."""
    return [
        _("a *T-shirt*"),
        _("a pair of *trousers*"),
        _("a *pullover*"),
        _("a *dress*"),
        _("a *coat*"),
        _("a *sandal*"),
        _("a *shirt*"),
        _("a *sneaker*"),
        _("a *bag*"),
        _("an *ankle boot*"),
    ]


def recipe_names() -> dict[str, str]:
    """Return the names of the recipes in the tab's language, by their names in the core."""
    return {"fast": _("Fast"), "notebook": _("Notebook"), "best": _("Best"), "custom": _("Custom")}


def recipe_name(run: Run) -> str:
    """Return the name of a run's recipe."""
    return recipe_names()[run.recipe.name]


def optimizer_names() -> dict[Optimizer, str]:
    """Return the names of the optimizers in the tab's language."""
    return {"adam": _("Adam, as in the notebook"), "muon": _("Muon with batch normalization, as in Fast")}


def validation_names() -> dict[Validation, str]:
    """Return the names of the validation sets in the tab's language."""
    return {
        "held_out": _("The last {count} training images", count=number(HELD_OUT_IMAGES)),
        "test": _("The test images, as in the notebook"),
    }


def run_name(run: Run) -> str:
    """Return a run's number, recipe and state, for a list of runs."""
    last = run.last_epoch
    if last is None:
        values = {"number": run.number, "recipe": recipe_name(run)}
        if run.active:
            return _("Run {number} · {recipe} · no finished epoch yet", **values)
        return _("Run {number} · {recipe} · no finished epoch", **values)
    if run.origin == "project":
        return _("Run {number} · {recipe}, included · test accuracy {accuracy}", number=run.number,
                 recipe=recipe_name(run), accuracy=percent(last.test_accuracy))  # fmt: skip
    if run.active:
        return _("Run {number} · {recipe} · epoch {epoch} of {epochs}", number=run.number, recipe=recipe_name(run),
                 epoch=min(last.epoch + 1, run.target_epochs), epochs=run.target_epochs)  # fmt: skip
    return ngettext(
        "Run {number} · {recipe} · {count} epoch · test accuracy {accuracy}",
        "Run {number} · {recipe} · {count} epochs · test accuracy {accuracy}",
        last.epoch,
        number=run.number,
        recipe=recipe_name(run),
        accuracy=percent(last.test_accuracy),
    )


def layer_name(layer: Layer) -> str:
    """Return the kind of a layer in the tab's language."""
    kinds = {
        "convolution": _("Convolution 3×3"),
        "pooling": _("Max pooling 2×2"),
        "flatten": _("Flatten"),
        "dense": _("Dense"),
    }
    return kinds[layer.kind]


def output_shape(layer: Layer) -> str:
    """Return the shape of a layer's output: 26 × 26 × 32."""
    return " × ".join(map(str, layer.output_shape))
