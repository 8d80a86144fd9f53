"""Files are written whole or not at all: a temporary file beside each, then a rename, which nothing can interrupt."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4


def write_atomically(contents: Mapping[Path, bytes]) -> None:
    """Write files, whose folders are there; all of them are complete on the disk before the first takes its name.

    Raises OSError, which leaves everything as it was before the first rename.
    """
    with ExitStack() as stack:
        written = {path: _temporary(path, content, stack) for path, content in contents.items()}
        for path, temporary in written.items():
            temporary.replace(path)


def check_writable(folder: Path) -> None:
    """Try to write into a folder, or where it would be made; leaves nothing. Raises OSError, for a bad name too."""
    there = next(each for each in (folder, *folder.absolute().parents) if _is_there(each))
    tempfile.TemporaryFile(dir=there).close()


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _temporary(path: Path, content: bytes, stack: ExitStack) -> Path:
    # Its rights are those that any new file gets, which a temporary one does not. Its name is never too long.
    temporary = path.with_name(f".{path.name[:50]}.{uuid4().hex}.part")
    stack.callback(temporary.unlink, missing_ok=True)
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return temporary
