"""The process's own streams, which libraries that are not Python write to."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO


@contextmanager
def stderr_without(text: str) -> Iterator[None]:
    """Leave out the lines with that text of what any thread writes to the process's standard error meanwhile.

    The other lines come at the end.
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
    """A file in place of the stream; None where there is no room, or where the stream is closed.

    The number of a closed stream may be another file's.
    """
    try:
        return TemporaryFile() if sys.__stderr__ else None
    except OSError:
        return None
