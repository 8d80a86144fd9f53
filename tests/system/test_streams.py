import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.system.streams import stderr_without


def test_lines_with_the_text_are_left_out_and_all_others_stay(capfd):
    files = len(list(Path("/proc/self/fd").iterdir()))
    os.write(2, b"INFO before\n")
    with stderr_without("INFO"):
        os.write(2, b"INFO: meanwhile\nERROR: meanwhile\n")
    with pytest.raises(ValueError), stderr_without("INFO"):
        os.write(2, b"INFO again\nits reason\n")
        raise ValueError
    os.write(2, b"INFO after\n")

    assert capfd.readouterr().err == "INFO before\nERROR: meanwhile\nits reason\nINFO after\n"
    assert len(list(Path("/proc/self/fd").iterdir())) == files


def test_a_closed_stream_stays_closed_and_its_number_another_files(tmp_path):
    script = """
import os, sys
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
assert file == 2
from fmnist.system.streams import stderr_without
with stderr_without(chr(120)):
    os.write(file, b"kept")
"""
    subprocess.run(
        f'exec "{sys.executable}" -c \'{script}\' "{tmp_path}/file" 2>&-', shell=True, check=True, timeout=300
    )

    assert (tmp_path / "file").read_bytes() == b"kept"


def test_without_room_for_a_file_every_line_is_shown():
    script = """
import os, tempfile
from fmnist.system.streams import stderr_without
tempfile.tempdir = "/nowhere"
with stderr_without("INFO"):
    os.write(2, b"INFO")
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=300)

    assert done.stderr == b"INFO"
