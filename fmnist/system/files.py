"""Atomic writes: a temporary file beside each file, then a rename."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4


def write_atomically(contents: Mapping[Path, bytes]) -> None:
    """Write files into existing folders; all are complete on the disk before the first is renamed.

    Raises OSError; before the first rename it leaves all files unchanged.
    """
    with ExitStack() as stack:
        written = {path: _temporary(path, content, stack) for path, content in contents.items()}
        for path, temporary in written.items():
            temporary.replace(path)


def check_writable(folder: Path) -> None:
    """Raise OSError where a folder, or its nearest existing parent, cannot be written. Leaves no file."""
    existing = next(each for each in (folder, *folder.absolute().parents) if _exists(each))
    tempfile.TemporaryFile(dir=existing).close()


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _temporary(path: Path, content: bytes, stack: ExitStack) -> Path:
    # Not a TemporaryFile, which would not get the permissions of a new file. The name is never too long.
    temporary = path.with_name(f".{path.name[:50]}.{uuid4().hex}.part")
    stack.callback(temporary.unlink, missing_ok=True)
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return temporary
