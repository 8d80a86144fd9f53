"""Names of classes, recipes, runs and layers in the language of the tab."""

from fmnist.architecture import Layer
from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Optimizer
from fmnist.runs.record import Run
from ui.i18n.text import _, ngettext, percent


def class_name(label: int) -> str:
    """The name of a class in the tab's language."""
    return _(CLASS_NAMES[label])


def class_names() -> list[str]:
    """The names of all ten, in the order of their labels."""
    return [class_name(label) for label in range(len(CLASS_NAMES))]


def recipe_names() -> dict[str, str]:
    """What the recipes are called in the tab's language, by the names that they have in the core."""
    return {"fast": _("Fast"), "notebook": _("Notebook"), "best": _("Best"), "custom": _("Custom")}


def recipe_name(run: Run) -> str:
    """What a run's recipe is called."""
    return recipe_names()[run.recipe.name]


def optimizer_names() -> dict[Optimizer, str]:
    """How a recipe changes the weights, in the tab's language."""
    return {"adam": _("Adam, as in the notebook"), "muon": _("Muon with batch normalisation, as in Fast")}


def run_name(run: Run) -> str:
    """What people call a run: its number, its recipe and how far it came."""
    last = run.last_epoch
    if last is None:
        values = {"number": run.number, "recipe": recipe_name(run)}
        if run.active:
            return _("Run {number} · {recipe} · no finished epoch yet", **values)
        return _("Run {number} · {recipe} · no finished epoch", **values)
    if run.origin == "project":
        return _("Run {number} · {recipe}, included · {accuracy} test accuracy", number=run.number,
                 recipe=recipe_name(run), accuracy=percent(last.test_accuracy))  # fmt: skip
    return ngettext(
        "Run {number} · {recipe} · {count} epoch · {accuracy} test accuracy",
        "Run {number} · {recipe} · {count} epochs · {accuracy} test accuracy",
        last.epoch,
        number=run.number,
        recipe=recipe_name(run),
        accuracy=percent(last.test_accuracy),
    )


def layer_name(layer: Layer) -> str:
    """What a layer does, in the tab's language."""
    kinds = {
        "convolution": _("Convolution 3×3"),
        "pooling": _("Max pooling 2×2"),
        "flatten": _("Flatten"),
        "dense": _("Dense"),
    }
    return kinds[layer.kind]


def output_shape(layer: Layer) -> str:
    """The shape of what a layer gives: 26 × 26 × 32."""
    return " × ".join(map(str, layer.output_shape))
