"""Subprocesses that run this project's modules."""

import os
import sys
from pathlib import Path

# On the new process's PYTHONPATH, since the server may run in any folder.
PROJECT = str(Path(__file__).parents[2])


def command(module: str, *arguments: str) -> list[str]:
    """Return the command line that runs a module, of this project or installed."""
    return [sys.executable, "-m", module, *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment with the project on PYTHONPATH and with more variables."""
    path = os.pathsep.join(filter(None, (PROJECT, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **more}
