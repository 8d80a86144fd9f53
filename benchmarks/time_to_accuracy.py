"""Time of Fast to the accuracy of the notebook's ten epochs: python -m benchmarks.time_to_accuracy.

Trained alternately, each run in a fresh process: Fast and the recipe Notebook by the code that the worker runs, and the
notebook as its student wrote it, in plain Keras. The last is what Fast is compared with; the recipe Notebook, which the
project's own loop makes faster, stands beside it.
"""

import json
import statistics
import subprocess
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import click

from benchmarks.report import Figure, outputs, report
from fmnist.architecture import LAYERS
from fmnist.recipe import NAMED
from fmnist.system import subprocesses

# The accuracy of the notebook's tenth epoch.
GOAL = 0.9065
STUDENT = "The student's"
NAMES = ("Fast", STUDENT, "Notebook")


def in_a_process(module: str, *arguments: object) -> dict[str, Any]:
    """Return the JSON that a module prints."""
    command = subprocesses.command(module, *map(str, arguments))
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def training_operations() -> int:
    """Return the floating-point operations a training image: forward, twice as many backward, none to the pixels."""
    operations = 0
    for layer in LAYERS:
        *places, outputs = layer.output_shape
        products = prod(places) * max(layer.parameters - outputs, 0)
        operations += 2 * products * (2 if layer is LAYERS[0] else 3)
    return operations


def reached(run: dict[str, Any], clock: str) -> float | None:
    """Return the seconds to the first epoch with the notebook's accuracy, by "seconds" of training or by "wall"."""
    seconds = 0.0
    for epoch in run["epochs"]:
        seconds += epoch["seconds"]
        if epoch["test"] >= GOAL:
            return seconds if clock == "seconds" else epoch["wall"]
    return None


def total(run: dict[str, Any]) -> float:
    """Return the seconds of training of all epochs."""
    return sum(epoch["seconds"] for epoch in run["epochs"])


def of_recipe(name: str, runs: list[dict[str, Any]]) -> list[Figure]:
    """Return the times and accuracies of one recipe's runs."""
    finals = [run["epochs"][-1]["test"] for run in runs]
    figures = [Figure(f"{name}: runs, each with a seed of its own", len(runs), "")]
    for clock, words in (("seconds", "of training"), ("wall", "of wall time, counting included")):
        times = [time for run in runs if (time := reached(run, clock)) is not None]
        if clock == "seconds":
            figures.append(Figure(f"{name}: of them reached {GOAL:.2%} on the test set", len(times), ""))
        if times:
            figures.append(Figure(f"{name}: seconds {words} until then, median", statistics.median(times), "s"))
    spread = statistics.stdev(finals) if len(finals) > 1 else 0.0
    return [
        *figures,
        Figure(f"{name}: seconds of training in all, median", statistics.median(map(total, runs)), "s"),
        Figure(f"{name}: an epoch", an_epoch(runs), "s"),
        Figure(f"{name}: test accuracy at the end, mean", statistics.mean(finals), ""),
        Figure(f"{name}: the same, standard deviation", spread, ""),
        Figure(f"{name}: getting ready, once a process", statistics.median(run["getting_ready"] for run in runs), "s"),
        Figure(f"{name}: cores busy", statistics.median(run["cores"] for run in runs), ""),
        Figure(f"{name}: peak memory", max(run["megabytes"] for run in runs), "MB"),
    ]


def an_epoch(runs: list[dict[str, Any]]) -> float:
    """Return the seconds of training of an epoch, median of the runs."""
    return statistics.median(total(run) / len(run["epochs"]) for run in runs)


def compared(runs: dict[str, list[dict[str, Any]]], peaks: dict[str, float]) -> list[Figure]:
    """Compare Fast with the other runs and with the machine's peak."""
    fast, student, notebook = (runs[name] for name in NAMES)
    seconds = [time for run in fast if (time := reached(run, "seconds")) is not None]

    def sooner(others: list[dict[str, Any]]) -> float:
        return statistics.median(map(total, others)) / statistics.median(seconds) if seconds else 0.0

    accuracy = statistics.mean(run["epochs"][-1]["test"] for run in fast)
    speed = training_operations() * NAMED["fast"].training_images / an_epoch(fast) / 1e12
    return [
        Figure(f"Fast: runs that reached {GOAL:.2%}", len(seconds), "", least=len(fast)),
        Figure("the student's ten epochs ÷ Fast's seconds until then", sooner(student), "×", least=20),
        Figure("the same, the recipe Notebook's ten epochs", sooner(notebook), "×"),
        Figure("seconds an epoch, the student's ÷ Fast's", an_epoch(student) / an_epoch(fast), "×", least=4),
        Figure("the same, the recipe Notebook's ÷ Fast's", an_epoch(notebook) / an_epoch(fast), "×"),
        Figure("Fast to its end, mean test accuracy", accuracy, "", least=0.915),
        Figure("Fast: peak memory", max(run["megabytes"] for run in fast), "MB", most=900),
        *(Figure(f"this machine's peak {name.replace('_', ' ')}", peak, "TFLOP/s") for name, peak in peaks.items()),
        Figure("Fast, on average", speed, "TFLOP/s"),
        Figure(
            "Fast ÷ the peak of its own convolutions, forward, in what is faster here",
            speed / max(peaks["of_convolutions_bfloat16"], peaks["of_convolutions_float32"]),
            "",
        ),
    ]


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Runs of Fast.")
@click.option("--notebooks", default=2, show_default=True, help="Runs of both notebooks, each after one of Fast.")
@outputs
def main(seeds: int, notebooks: int, file: Path | None) -> None:
    """Measure Fast and both notebooks alternately."""
    peaks = in_a_process("benchmarks.machine_peak")
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for seed in range(max(seeds, notebooks)):
        for name in NAMES:
            if seed < (seeds if name == "Fast" else notebooks):
                runs[name].append(one_run(name, seed))
                accuracies = [round(epoch["test"], 4) for epoch in runs[name][-1]["epochs"]]
                click.echo(f"{name}, seed {seed}: {accuracies}", err=True)
    figures = [figure for name in NAMES for figure in of_recipe(name, runs[name])]
    report("Time to accuracy", figures + compared(runs, peaks), file)


def one_run(name: str, seed: int) -> dict[str, Any]:
    """Run one training in a process of its own."""
    if name == STUDENT:
        return in_a_process("benchmarks.students_notebook", seed)
    return in_a_process("benchmarks.one_training", replace(NAMED[name.lower()], seed=seed).to_json())


if __name__ == "__main__":
    main()
