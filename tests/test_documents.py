"""The documentation: short and complete."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.report import replace_table
from fmnist.__main__ import main

PROJECT = Path(__file__).parents[1]
DECISIONS = sorted((PROJECT / "docs/decisions").glob("*.md"))
README = (PROJECT / "README.md").read_text()
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])


def words(path: Path) -> int:
    return len(path.read_text().split())


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_page_is_short_and_says_what_was_decided_and_why(page):
    text = page.read_text()

    assert words(page) <= 300
    assert "**Decision.**" in text
    assert re.search(r"\*\*Why\b[^*]*\.\*\*", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_only_experiments_have_dates(page):
    months = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    dates = re.findall(rf"\b20\d\d-\d\d-\d\d\b|\b{months} 20\d\d\b|\b\d\d? {months}\b", page.read_text())

    assert dates == [] or page.parent.name == "experiments"


@pytest.mark.parametrize("page", sorted(PROJECT.glob("docs/experiments/*.md")), ids=lambda page: page.stem)
def test_an_experiment_names_commit_and_machine(page):
    text = page.read_text()

    assert re.search(r"\bCommits: .*`[0-9a-f]{7}`", text)
    assert re.search(r"\bmachines\.md\b|\bXeon\b|\bEPYC\b|\btwo cores\b", text)


def test_the_readme_is_short():
    assert words(PROJECT / "README.md") <= 700


def test_the_readme_names_every_command():
    assert {name for name in main.commands if not re.search(rf"^\| .*`{name}[ `]", README, re.MULTILINE)} == set()


def test_the_readme_names_every_setting():
    sources = "".join(path.read_text() for path in [*PROJECT.glob("fmnist/**/*.py"), *PROJECT.glob("ui/**/*.py")])
    settings = set(re.findall(r"\bFMNIST_[A-Z_]+", sources))

    assert "FMNIST_DATA_DIR" in settings
    assert {name for name in settings if f"| `{name}` |" not in README} == set()


def test_the_readme_names_every_page():
    sources = "".join(path.read_text() for path in [*PROJECT.glob("*.py"), *PROJECT.glob("ui/*.py")])
    titles = re.findall(r'st\.Page\([^)]*?title=_\("([^"]+)"\)', sources)

    assert "Train" in titles
    assert [title for title in titles if f"- **{title}** – " not in README] == []


def test_the_readme_shows_what_a_command_really_prints(project_run, tmp_path):
    arguments, lines, shown = re.search(
        r"^\$ python -m fmnist (.+) \| head -(\d)\n(.+?)```", README, re.MULTILINE | re.DOTALL
    ).groups()
    environment = {"FMNIST_DATABASE_URL": f"sqlite:///{tmp_path / 'runs.sqlite3'}"}
    printed = CliRunner().invoke(main, arguments.split(), env=environment).stdout

    assert shown.splitlines() == printed.splitlines()[: int(lines)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_a_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    named = re.findall(r"`(docs/[\w/.-]+\.md)`", page.read_text())

    for target in [*(page.parent / link for link in links), *(PROJECT / name for name in named)]:
        assert target.exists(), target


def test_every_benchmark_has_a_table_that_it_can_write():
    page = (PROJECT / "docs/benchmarks.md").read_text()
    programs = [
        path.stem for path in PROJECT.glob("benchmarks/*.py") if re.search(r"^@outputs", path.read_text(), re.M)
    ]

    assert "pages" in programs
    for program in programs:
        assert "\n\nthe table\n" in replace_table(page, f"python -m benchmarks.{program}", "the table")


def test_all_pages_but_the_experiments_are_read_in_half_an_hour():
    pages = [page for page in PROJECT.glob("docs/**/*.md") if page.parent.name != "experiments"]

    assert len(pages) > 20
    assert sum(map(words, pages)) <= 6_000
