"""A benchmark's table: limits, measured values, machine."""

import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from fmnist.system import hardware
from fmnist.system.files import write_atomically

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
# Where the flag --write is kept for `report`, beside click's own context.
WRITE = f"{__name__}.write"


@dataclass(frozen=True)
class Figure:
    """A measured number with its limits `most` and `least`, None where there are none."""

    name: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def good(self) -> bool:
        """True within the limits."""
        return (self.most is None or self.measured <= self.most) and (self.least is None or self.measured >= self.least)

    @property
    def wanted(self) -> str:
        """The limit, for the table."""
        if self.most is not None:
            return f"≤ {self.most:g} {self.unit}"
        return f"≥ {self.least:g} {self.unit}" if self.least is not None else "–"

    @property
    def value(self) -> str:
        """The number in four digits with its unit."""
        return f"{self.measured:.4g} {self.unit}"


def report(title: str, figures: list[Figure], file: Path | None) -> None:
    """Print the table, write it as JSON where a file is named and to docs/benchmarks.md with --write."""
    here = hardware.describe()
    tested = f"{here['processor']} ({', '.join(here['cpu_features'])}), {here['cores']} cores, Python {here['python']}"
    click.echo(f"{title} – {tested}\n")
    width = max(len(figure.name) for figure in figures)
    click.echo(f"{'figure':<{width}}{'wanted':>12}{'measured':>16}")
    for figure in figures:
        click.echo(f"{figure.name:<{width}}{figure.wanted:>12}{figure.value:>16}")
    missed = [figure.name for figure in figures if not figure.good]
    reached = f"Not reached: {'; '.join(missed)}." if missed else "All figures reached."
    click.echo(f"\n{reached}")
    if file is not None:
        content = {"title": title, "machine": here, "figures": [asdict(figure) for figure in figures]}
        write_atomically({file: (json.dumps(content, indent=2) + "\n").encode()})
    context = click.get_current_context()
    if context.meta.get(WRITE):
        # The page shows what something is asked of, JSON everything.
        asked = [figure for figure in figures if (figure.most, figure.least) != (None, None)] or figures
        rows = "".join(f"| {figure.name} | {figure.wanted} | {figure.value} |\n" for figure in asked)
        table = f"{tested}.\n\n| figure | wanted | measured |\n| --- | --- | --- |\n{rows}\n{reached}"
        write_atomically({PAGE: replace_table(PAGE.read_text(), context.command_path, table).encode()})


def replace_table(page: str, command: str, table: str) -> str:
    """Return the page with this table in the command's section, up to the line that says what was reached.

    Raises ClickException where the page has no such section.
    """
    heading = f"## `{command}`\n\n"
    section = rf"({re.escape(heading)})(?:(?!## ).*\n)*?(?:Not reached: .*|All figures reached\.)\n"
    replaced, found = re.subn(section, lambda match: f"{match[1]}{table}\n", page)
    if not found:
        raise click.ClickException(f"{PAGE} has no section {heading.strip()} that says what was reached; write one.")
    return replaced


def milliseconds(ask: Callable[[Any], object], questions: Sequence[Any] | np.ndarray) -> list[float]:
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


def outputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options --json FILE, passed on as `file`, and --write, which `report` reads."""
    as_json = click.option(
        "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file too."
    )
    to_page = click.option(
        "--write",
        is_flag=True,
        expose_value=False,
        callback=lambda context, _option, value: context.meta.update({WRITE: value}),
        help="Write the table to docs/benchmarks.md, too.",
    )
    return as_json(to_page(command))
