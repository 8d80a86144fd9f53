"""Standard output and error as they may be: closed, full, a pipe that nobody reads, in an encoding of few letters."""

import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def prepare() -> bool:
    """Make both streams write any text; returns whether there is a standard output at all."""
    is_open = sys.stdout is not None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It stays open: else the next file that is opened takes the number, and gets what others print.
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return is_open


def discard(stream: TextIO) -> None:
    """Send what a stream still holds nowhere: Python would try to write it once more when the program ends."""
    with suppress(OSError):  # a test's stream has no number
        number = stream.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def end_as_a_pipe_does() -> None:
    """End this process as the system ends one that writes into a pipe that nobody reads any more."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.raise_signal(signal.SIGPIPE)
