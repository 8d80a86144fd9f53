"""This program started once more, as a process of its own."""

import os
import sys
from pathlib import Path

# The server may have been started from any folder; the new process must find the package all the same.
PROJECT = str(Path(__file__).parents[2])


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of this project."""
    return [sys.executable, "-m", module, *arguments]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, in which the project can be imported, with more variables."""
    path = os.pathsep.join(filter(None, (PROJECT, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **more}
