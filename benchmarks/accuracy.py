"""Accuracy of the recipes, and an ablation of Best: python -m benchmarks.accuracy --results FILE.

Every training runs in a fresh process, by the code that the worker runs. Its result is written to the file at once; a
second call goes on with what is missing. The test set decides nothing here: the recipes were chosen before.
"""

import json
import statistics
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from benchmarks.time_to_accuracy import in_a_process
from fmnist.recipe import BEST, NAMED, Recipe
from fmnist.system import hardware
from fmnist.system.files import write_atomically

# Best without one of its parts.
WITHOUT: Mapping[str, Recipe] = {
    "best, true classes alone": replace(BEST, distillation=False),
    "best, images as they are": replace(BEST, augmentation=False),
    "best, a third of the epochs": replace(BEST, epochs=BEST.epochs // 3),
    "best, by Adam": replace(BEST, optimizer="adam", learning_rate=Recipe().learning_rate),
}
RECIPES = {**NAMED, **WITHOUT}


def mean_and_deviation(values: list[float]) -> str:
    """Format mean and standard deviation: '.9431 ± .0009'."""
    deviation = f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.4f}{deviation}".replace("0.", ".")


def row(name: str, runs: list[dict[str, Any]]) -> str:
    """Return a line of the table in docs/accuracy.md."""
    lasts = [run["epochs"][-1] for run in runs]
    columns = [mean_and_deviation([last[split] for last in lasts]) for split in ("validation", "test")]
    columns.append(mean_and_deviation([run["flipped"]["test"] for run in runs]))
    seconds = statistics.median(sum(epoch["seconds"] for epoch in run["epochs"]) for run in runs)
    return f"| {name} | {len(runs)} | {' | '.join(columns)} | {seconds:,.0f} |"


@click.command()
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A JSON file.")
@click.option("--only", type=click.Choice(list(RECIPES)), multiple=True, help="Instead of all recipes.")
@click.option("--seeds", default=5, show_default=True, help="Trainings of a recipe.")
def main(results: Path, only: tuple[str, ...], seeds: int) -> None:
    """Train the missing runs, and print the table of all."""
    runs: dict[str, list[dict[str, Any]]] = json.loads(results.read_text()) if results.exists() else {}
    for seed in range(seeds):
        for name in only or RECIPES:
            done = runs.setdefault(name, [])
            if len(done) > seed:
                continue
            recipe = replace(RECIPES[name], seed=seed)
            done.append(in_a_process("benchmarks.one_training", recipe.to_json()) | {"machine": hardware.describe()})
            write_atomically({results: (json.dumps(runs) + "\n").encode()})
            click.echo(row(name, done), err=True)
    click.echo("| recipe | seeds | held-out or validation | test | test, flipped | seconds |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for name in RECIPES:
        if runs.get(name):
            click.echo(row(name, runs[name]))


if __name__ == "__main__":
    main()
