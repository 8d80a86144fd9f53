"""The process's standard error, which native libraries write to."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO


@contextmanager
def stderr_without(text: str) -> Iterator[None]:
    """Drop lines with this text from the process's standard error within the context, for all threads.

    The other lines are written at its end.
    """
    file = _temporary_file()
    if file is None:
        yield
        return
    with file as written:
        kept = os.dup(2)
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            written.seek(0)
            os.write(2, b"".join(line for line in written if text.encode() not in line))


def _temporary_file() -> IO[bytes] | None:
    """Return a file in place of the stream; None where the disk is full or the stream is closed.

    The descriptor of a closed stream may be another file's.
    """
    try:
        return TemporaryFile() if sys.__stderr__ else None
    except OSError:
        return None
