"""The queue of run ids between those who ask and those who train: huey's storage, in SQLite or PostgreSQL."""

import sqlite3
from pathlib import Path

from huey import PostgresHuey, SqliteHuey
from huey.exceptions import HueyException
from sqlalchemy import make_url

from fmnist.errors import StoreUnavailable


class Queue:
    """First in, first out. Only ids travel, as text: the store says what they mean."""

    def __init__(self, database_url: str) -> None:
        """Open the queue beside the store. Raises StoreUnavailable."""
        url = make_url(database_url)
        try:
            if url.get_backend_name() == "sqlite":
                # A file of its own: huey locks it whole at every take.
                path = Path(url.database or "").with_suffix(".queue.sqlite3")
                huey = SqliteHuey("fmnist", filename=str(path), journal_mode="delete", fsync=True, strict_fifo=True)
            else:
                dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
                huey = PostgresHuey("fmnist", dsn=dsn, blocking=False)
        except (sqlite3.Error, HueyException, OSError) as error:
            raise StoreUnavailable("The queue cannot be opened: {reason}.", reason=error) from error
        self._storage = huey.storage

    def put(self, run_id: str) -> None:
        """Append a run id; one that is there twice is trained once, since a claim has one winner."""
        self._storage.enqueue(run_id.encode())

    def take(self) -> str | None:
        """Remove and return the first run id, None when the queue is empty. Does not wait."""
        taken = self._storage.dequeue()
        return bytes(taken).decode() if taken is not None else None

    def ids(self) -> list[str]:
        """The run ids that wait, first to last."""
        return [bytes(item).decode() for item in self._storage.enqueued_items()]
