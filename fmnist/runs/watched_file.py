"""A file that is kept open while others may delete or replace it."""

import threading
from collections.abc import Callable
from pathlib import Path

Identity = tuple[int, int]


class WatchedFile:
    """The file of a database. An open connection goes on with a deleted file, which no other process sees."""

    def __init__(self, path: Path, reopen: Callable[[], None]) -> None:
        """Open the file by `reopen`, which must leave a connection open: a free inode may be the next file's, too.

        Raises OSError where there is no file, and what `reopen` raises.
        """
        self.path = path
        self._reopen = reopen
        self._identity: Identity | None = None
        self._lock = threading.Lock()
        self.check()

    def check(self) -> None:
        """Reopen the file if another has taken its place. Raises OSError while there is none."""
        with self._lock:
            found = self.path.stat()
            identity = found.st_dev, found.st_ino
            if identity != self._identity:
                self._reopen()
                self._identity = identity
