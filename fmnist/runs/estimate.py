"""Estimates of a training's time and accuracy from earlier runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from fmnist.recipe import Recipe
from fmnist.runs.record import Run


@dataclass(frozen=True)
class Estimate:
    """Seconds of training on this machine, None before it has trained so; the test accuracy, None before any run.

    `runs` is how many runs of the whole recipe, whatever their seeds, the accuracy is the median of.
    """

    seconds: float | None
    accuracy: float | None
    runs: int


def estimate(recipe: Recipe, runs: Iterable[Run], here: Mapping[str, Any]) -> Estimate:
    """Return the estimate for a recipe on the machine `here`, as `hardware.describe` describes it.

    The time comes from runs that were trained by the same optimizer in equal batches, augmented alike; how many
    images does not matter.
    """
    trained = [run for run in runs if run.epochs]
    paces = [
        run.seconds / (len(run.epochs) * run.recipe.training_images)
        for run in trained
        # Not what came with the project: another machine may have a processor of the same name.
        if run.origin != "project" and _kind(run.environment) == _kind(here) and _steps(run.recipe) == _steps(recipe)
    ]
    accuracies = [
        run.epochs[-1].test_accuracy
        for run in trained
        if len(run.epochs) == recipe.epochs
        and not run.learning_rates
        and replace(run.recipe, seed=recipe.seed) == recipe
    ]
    return Estimate(
        seconds=median(paces) * recipe.epochs * recipe.training_images if paces else None,
        accuracy=median(accuracies) if accuracies else None,
        runs=len(accuracies),
    )


def seconds_until_start(run: Run, runs: Iterable[Run], here: Mapping[str, Any]) -> float | None:
    """Return the seconds until a queued run starts; None if nothing is before it, and where a time is not known."""
    if not run.queue_position:
        return None
    total = 0.0
    before = [each for each in runs if each.status == "running" or (each.queue_position or 0) < run.queue_position]
    for each in before:
        if each.active and each.id != run.id:
            left = each.seconds_left or estimate(each.recipe, runs, here).seconds
            if left is None:
                return None
            total += left
    return total


def _kind(environment: Mapping[str, Any]) -> tuple[Any, Any]:
    return environment.get("processor"), environment.get("cores")


def _steps(recipe: Recipe) -> tuple[str, int, bool]:
    return recipe.optimizer, recipe.batch_size, recipe.augmentation
