"""A benchmark's table: what was wanted, what was measured, on what machine."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from fmnist import machine


@dataclass(frozen=True)
class Figure:
    """One measured number; `most` and `least` are what it may be, None where nothing is asked of it."""

    name: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def good(self) -> bool:
        """Whether it is as wanted."""
        return (self.most is None or self.measured <= self.most) and (self.least is None or self.measured >= self.least)

    @property
    def wanted(self) -> str:
        """What is asked of it, for the table."""
        if self.most is not None:
            return f"≤ {self.most:g} {self.unit}"
        return f"≥ {self.least:g} {self.unit}" if self.least is not None else "–"


def report(title: str, figures: list[Figure], file: Path | None) -> None:
    """Print the table, write it as JSON where a file is named, and say plainly what was not reached."""
    here = machine.describe()
    click.echo(f"{title} – {here['processor']}, {here['cores']} cores, Python {here['python']}\n")
    width = max(len(figure.name) for figure in figures)
    click.echo(f"{'figure':<{width}}{'wanted':>12}{'measured':>16}")
    for figure in figures:
        click.echo(f"{figure.name:<{width}}{figure.wanted:>12}{f'{figure.measured:.4g} {figure.unit}':>16}")
    missed = [figure.name for figure in figures if not figure.good]
    click.echo("\nNot reached: " + "; ".join(missed) if missed else "\nAll figures reached.")
    if file is not None:
        content = {"title": title, "machine": here, "figures": [asdict(figure) for figure in figures]}
        file.write_text(json.dumps(content, indent=2) + "\n")


def milliseconds(ask: Callable[[Any], object], questions: Sequence[Any]) -> list[float]:
    """How long each answer takes, after one that does not count."""
    ask(questions[-1])
    took = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        took.append(1000 * (time.perf_counter() - started))
    return took


def spread(name: str, took: list[float], most: float | None) -> list[Figure]:
    """The middle and the slow end of many milliseconds."""
    return [
        Figure(f"{name}, p50 of {len(took)}", statistics.median(took), "ms"),
        Figure(f"{name}, p95 of {len(took)}", float(np.percentile(took, 95)), "ms", most),
    ]


as_json = click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file too."
)
