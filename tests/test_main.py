import subprocess
import sys

import pytest
from click.testing import CliRunner

from fmnist.__main__ import main


@pytest.mark.parametrize("command", ["", *main.commands])
def test_every_command_explains_itself(command):
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_the_help_imports_nothing_heavy():
    heavy = {"numpy", "sqlalchemy", "tensorflow", "keras", "streamlit", "psutil"}
    script = f"""
import sys
from fmnist.__main__ import main
main(["--help"], standalone_mode=False)
assert not (loaded := {heavy!r} & sys.modules.keys()), loaded
"""
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
