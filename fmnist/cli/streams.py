"""Standard streams that are closed, full, a pipe without a reader, or in a limited encoding."""

import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def prepare() -> bool:
    """Make both streams accept any text. Return true where standard output is open."""
    is_open = sys.stdout is not None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It stays open: otherwise the next opened file takes its descriptor, and receives the output.
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return is_open


def discard(stream: TextIO) -> None:
    """Discard a stream's buffer, which Python would write once more when the program ends."""
    with suppress(OSError):  # a test's stream has no number
        number = stream.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def end_as_a_pipe_does() -> None:
    """End this process by SIGPIPE, as the system does when a pipe has no reader."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.raise_signal(signal.SIGPIPE)
