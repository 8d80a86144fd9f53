"""The settings of a run and the machine that trained it, in the language of the tab."""

from fmnist.recipe import Recipe
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
        _("Loss function"): _loss_function(recipe),
        _("Epochs"): f"{len(run.epochs)} / {run.target_epochs}",
        _("Batch size"): number(recipe.batch_size),
        _("Learning rate"): _learning_rates(run),
        _("Training images"): number(recipe.training_images),
        _("Validation set"): validation_names()[recipe.validation],
        _("Seed"): str(recipe.seed),
    }


def _learning_rates(run: Run) -> str:
    """Return the recipe's learning rate, and that of each later stretch of epochs."""
    longer = run.recipe.epochs + 1
    stretches = {
        epoch: _("{rate} from epoch {epoch} on", rate=number(rate, 6), epoch=epoch)
        for epoch, rate in run.learning_rates.items()
    }
    if run.target_epochs >= longer:
        stretches.setdefault(longer, _("as before from epoch {epoch} on", epoch=longer))
    return "; ".join([number(run.recipe.learning_rate, 6), *(text for _epoch, text in sorted(stretches.items()))])


def _loss_function(recipe: Recipe) -> str:
    """Return the minimized loss; the reported one is the cross-entropy of the true classes, whatever the recipe."""
    if recipe.distillation:
        return _("cross-entropy with the true classes and the larger networks’ probabilities")
    return _("cross-entropy with label smoothing") if recipe.optimizer == "muon" else _("cross-entropy")


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
