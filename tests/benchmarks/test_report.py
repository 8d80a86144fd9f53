"""A benchmark's table in docs/benchmarks.md."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from benchmarks import report
from benchmarks.report import Figure, outputs

PAGE = """# Benchmarks

## `python -m benchmarks.first`

Another machine.

| figure | wanted | measured |
| --- | --- | --- |
| old | – | 9 s |

Not reached: much.

A note by hand.

## `python -m benchmarks.second`

All figures reached.
"""


@click.command()
@outputs
def measure(file: Path | None) -> None:
    report.report(
        "First", [Figure("start", 2.5, "s", most=3), Figure("context", 1, "s"), Figure("end", 7, "s", most=6)], file
    )


@pytest.fixture
def page(tmp_path, monkeypatch) -> Path:
    page = tmp_path / "benchmarks.md"
    page.write_text(PAGE)
    monkeypatch.setattr(report, "PAGE", page)
    return page


def run(program: str, *options: str) -> Result:
    return CliRunner().invoke(measure, options, prog_name=f"python -m benchmarks.{program}")


def test_write_replaces_the_programs_own_table_and_leaves_the_rest(page):
    assert run("first", "--write").exit_code == 0

    before, table, after = page.read_text().partition("| start | ≤ 3 s | 2.5 s |\n| end | ≤ 6 s | 7 s |\n")
    assert table
    assert before.startswith("# Benchmarks\n\n## `python -m benchmarks.first`\n\n")
    assert "Another machine" not in before
    assert after == "\nNot reached: end.\n" + PAGE.partition("Not reached: much.\n")[2]


def test_without_write_the_page_stays(page):
    assert "Not reached: end." in run("first").stdout

    assert page.read_text() == PAGE


def test_a_program_without_a_section_is_refused(page):
    refused = run("third", "--write")

    assert refused.exit_code == 1
    assert "## `python -m benchmarks.third`" in refused.stderr
    assert page.read_text() == PAGE
