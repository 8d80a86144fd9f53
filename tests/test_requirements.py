"""Every dependency, transitive ones included, is pinned, and tested on every named Python."""

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
REMEDY = "write constraints.txt anew, as CONTRIBUTING.md says"


def read(file):
    """The requirements of a file, comments and options left out."""
    lines = (PROJECT / file).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def applies(requirement, extras=()):
    """Is it for this Python on this machine, and for the extras of the package that it comes with?"""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def pins(file):
    return {(canonicalize_name(requirement.name), str(requirement.specifier)) for requirement in read(file)}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_stands_among_the_constraints(file):
    assert pins(file)
    assert pins(file) - pins("constraints.txt") == set(), REMEDY


def test_every_package_that_comes_with_another_is_fixed():
    fixed = {canonicalize_name(requirement.name) for requirement in read("constraints.txt") if applies(requirement)}
    pinned = read("requirements.txt") + read("requirements-dev.txt")
    waiting, seen = list(filter(applies, pinned)), set()
    while waiting:
        requirement = waiting.pop()
        package = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if package in seen:
            continue
        seen.add(package)
        dependencies = map(Requirement, requires(requirement.name) or [])
        waiting += [dependency for dependency in dependencies if applies(dependency, requirement.extras)]

    found = {name for name, _ in seen}
    assert len(found) > len(pinned)
    assert found - fixed == set(), REMEDY
    assert all(str(requirement.specifier).startswith("==") for requirement in read("constraints.txt"))


def test_the_workflow_runs_on_the_pythons_of_the_readme():
    tried = re.findall(r'"3\.(\d+)"', (PROJECT / ".github/workflows/ci.yml").read_text())
    (first, last) = re.findall(r"Python 3\.(\d+) to 3\.(\d+)", (PROJECT / "README.md").read_text())[0]

    assert [int(minor) for minor in tried] == list(range(int(first), int(last) + 1))
