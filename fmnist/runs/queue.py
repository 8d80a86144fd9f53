"""The queue of run ids for the workers: huey's storage, in SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from huey import PostgresHuey, SqliteHuey
from huey.exceptions import HueyException
from huey.storage import BaseSqlStorage, SqliteStorage

from fmnist.runs.database import checked_url, sibling_path, translate_errors
from fmnist.runs.watched_file import WatchedFile

DRIVER_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error,)
with suppress(ModuleNotFoundError):  # only a store in PostgreSQL needs it
    from psycopg import Error

    DRIVER_ERRORS += (Error,)


class Queue:
    """Run ids in the order of their positions; the store has all else. All methods raise StoreUnavailable."""

    def __init__(self, database_url: str) -> None:
        """Open the queue beside the store."""
        self._url = database_url
        self._file: WatchedFile | None = None
        with self._translated():
            self._storage = _storage(database_url)
            if isinstance(self._storage, SqliteStorage):
                self._file = WatchedFile(Path(self._storage.filename), self._open)

    def put(self, run_id: str, position: int) -> None:
        """Add a run id; one that is there twice is trained once, since a claim has one winner."""
        with self._translated():
            self._storage.enqueue(run_id.encode(), priority=-position)

    def take(self) -> str | None:
        """Remove and return the first run id, None when the queue is empty, without waiting."""
        with self._translated():
            taken = self._storage.dequeue()
        return bytes(taken).decode() if taken is not None else None

    def ids(self) -> list[str]:
        """Return the queued run ids, first to last."""
        with self._translated():
            return [bytes(item).decode() for item in self._storage.enqueued_items()]

    def close(self) -> None:
        """Close the connection."""
        self._storage.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with translate_errors(self._url, HueyException, *DRIVER_ERRORS):
            if self._file:
                self._check(self._file)
            yield

    def _check(self, file: WatchedFile) -> None:
        try:
            file.check()
        except FileNotFoundError:  # the store has all that is needed to fill another
            file.path.touch()
            file.check()

    def _open(self) -> None:
        """Connect anew, and create the tables."""
        self._storage.close()
        self._storage.initialize_schema()
        # huey has closed its connection, and opens another at the next use: the file is free until then.
        self._storage.enqueued_items(limit=1)


def _storage(database_url: str) -> BaseSqlStorage:
    url = checked_url(database_url)
    if url.get_backend_name() == "sqlite":
        # A file of its own: huey locks it whole at every take.
        path = sibling_path(database_url, "-queue")
        return SqliteHuey("fmnist", filename=str(path), journal_mode="delete", fsync=True, strict_fifo=True).storage
    import psycopg

    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    # Of two processes that make huey's tables at once, PostgreSQL refuses one.
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(70001)")
        return PostgresHuey("fmnist", dsn=dsn, blocking=False).storage
