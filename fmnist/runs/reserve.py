"""A file that reserves disk space, so that a run can be deleted on a full disk."""

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError

# SQLite copies what a transaction changes into a journal first: 0.2 MB for a run of 100 epochs, 0.4 MB for one of
# MAX_EPOCHS. It may keep as much again in a temporary file.
RESERVE_BYTES = 2 * 2**20

# No room; a quota or a limit; a journal that cannot be made.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


class DiskReserve:
    """The reserve beside one SQLite store."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self) -> None:
        """Write the file unless it is there, or the disk has no room for it and for as much again.

        A run deleted on a full disk leaves its pages to the next runs of the store, not to other programs. Until
        there is room for both, the journals of those runs take the place of the reserve.
        """
        with suppress(OSError):
            missing = not self._path.exists() or self._path.stat().st_size != RESERVE_BYTES
            if missing and shutil.disk_usage(self._path.parent).free >= 2 * RESERVE_BYTES:
                # Random, for a file system that compresses would keep no room for zeros.
                self._path.write_bytes(os.urandom(RESERVE_BYTES))

    def release(self) -> bool:
        """Remove the file; returns whether that made room."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True


def disk_is_full(error: BaseException | None) -> bool:
    """Return whether SQLite could not write, most likely because the disk is full."""
    code = getattr(error.orig, "sqlite_errorcode", 0) if isinstance(error, DBAPIError) else 0
    return code & 0xFF in _FULL  # the rest of the code says where
