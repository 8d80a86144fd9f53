"""The settings of a run and the machine that trained it, in the language of the tab."""

from fmnist.runs.record import Run
from ui.i18n.names import optimizer_names, recipe_name, validation_names
from ui.i18n.text import _, literal, number


def settings(run: Run) -> dict[str, str]:
    """Return a run's settings, by their names in the tab's language."""
    recipe = run.recipe
    return {
        _("Recipe"): recipe_name(run),
        _("Optimizer"): optimizer_names()[recipe.optimizer],
        _("Data augmentation"): _("random shifts, flips and erasing") if recipe.augmentation else _("no"),
        _("Knowledge distillation"): _("from larger networks") if recipe.distillation else _("no"),
        _("Epochs"): f"{len(run.epochs)} / {run.target_epochs}",
        _("Batch size"): number(recipe.batch_size),
        _("Learning rate"): number(recipe.learning_rate, 6),
        _("Training images"): number(recipe.training_images),
        _("Validation set"): validation_names()[recipe.validation],
        _("Seed"): str(recipe.seed),
    }


def environment(run: Run) -> dict[str, str]:
    """Return the machine and the packages of a run, in the tab's language; empty before a worker claims it."""
    names = {
        "python": "Python",
        "system": _("System"),
        "processor": _("Processor"),
        "cpu_features": _("Instruction sets"),
        "cores": _("Cores, one thread each"),
    }
    facts = {**run.environment, **run.environment.get("packages", {})}
    return {
        names.get(name) or literal(name): literal(", ".join(fact) if isinstance(fact, list) else str(fact))
        for name, fact in facts.items()
        if name != "packages"
    }
