"""The locks of the store's processes, which the system frees when their process dies, however it dies."""

import os
import time
from contextlib import suppress
from pathlib import Path

from filelock import lock_descriptor
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from fmnist.errors import StoreUnavailable
from fmnist.runs.database import Database, connect_args, sibling_path

# After a store was replaced or its server restarted, so long nobody counts as dead: the living lock anew.
SETTLING_SECONDS = 5.0


class FileLock:
    """A file that is kept open and locked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def keep(self) -> None:
        """Hold the lock. Raises OSError; a deleted folder of a store is not made again."""
        if self._file is not None and _is_at(self._file, self._path):
            return
        self._free()
        self._path.parent.mkdir(exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        if lock_descriptor(file, blocking=False):
            self._file = file
        else:  # another process looks at it in this moment
            os.close(file)

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):
            self._path.unlink()
        self._free()

    def _free(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


class FileLocks:
    """Files in a folder beside a SQLite store: the kernel's locks, whatever names and numbers a container gives."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder = sibling_path(database.url, "-locks")
        self._missing: dict[str, float] = {}

    def lock(self, process_id: str) -> FileLock:
        """Return a lock."""
        return FileLock(self._folder / process_id)

    def is_free(self, _connection: Connection, process_id: str) -> bool:
        """Return whether no process holds the lock; a deleted file's owner has some seconds to lock it anew."""
        try:
            file = os.open(self._folder / process_id, os.O_RDWR)
        except FileNotFoundError:
            return time.monotonic() - self._missing.setdefault(process_id, time.monotonic()) > SETTLING_SECONDS
        self._missing.pop(process_id, None)
        try:
            return lock_descriptor(file, blocking=False)
        finally:
            os.close(file)

    def forget(self, process_id: str) -> None:
        """Remove the file."""
        self._missing.pop(process_id, None)
        with suppress(OSError):
            (self._folder / process_id).unlink()

    def are_settled(self, _connection: Connection) -> bool:
        """Return false shortly after another file took the store's place."""
        return time.monotonic() - self._database.replaced_at > SETTLING_SECONDS


class AdvisoryLock:
    """An advisory lock of PostgreSQL, on a connection of its own."""

    def __init__(self, database: Database, key: int) -> None:
        self._database, self._key = database, key
        # Not from the pool: the lock is the connection's.
        url = database.parts.set(drivername="postgresql+psycopg")
        self._engine = create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=connect_args(url)
        )
        self._connection: Connection | None = None
        self._backend: int | None = None
        self._held = False

    def keep(self) -> None:
        """Hold the lock. Raises StoreUnavailable behind a pooler that gives a connection away between transactions."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
                # The server, too, shall notice a cable that was pulled.
                for setting in ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 2"):
                    self._connection.execute(text(f"SET {setting}"))
                self._backend = backend(self._connection)
                with self._database.reading() as other:
                    check_own(self._backend, self._connection, other)
            if backend(self._connection) != self._backend:
                raise _pooled()
            if not self._held:  # a former connection's may last a moment longer
                taken = self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key})
                self._held = bool(taken)
        except (DBAPIError, StoreUnavailable):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, and with it the lock."""
        connection, self._connection, self._held = self._connection, None, False
        if connection is not None:
            with suppress(DBAPIError):
                connection.close()


class AdvisoryLocks:
    """The locks of a store in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lock(self, process_id: str) -> AdvisoryLock:
        """Return a lock."""
        return AdvisoryLock(self._database, _key(process_id))

    def is_free(self, connection: Connection, process_id: str) -> bool:
        """Take the lock for this transaction; return false where another session holds it."""
        taken = connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _key(process_id)})
        return bool(taken)

    def forget(self, process_id: str) -> None:
        """Do nothing: a connection leaves nothing."""

    def are_settled(self, connection: Connection) -> bool:
        """Return false shortly after the server's start."""
        age = text("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())")
        return float(connection.scalar(age) or 0) > SETTLING_SECONDS


def locks_of(database: Database) -> FileLocks | AdvisoryLocks:
    """Return the locks of a store."""
    return FileLocks(database) if database.is_file else AdvisoryLocks(database)


def backend(connection: Connection) -> int:
    """Return the id of the server's process behind a connection."""
    return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def check_own(own: int, connection: Connection, other: Connection) -> None:
    """Raise StoreUnavailable where a transaction on another connection takes this one's server process, `own`."""
    if backend(other) == own or backend(connection) != own:
        raise _pooled()


def _pooled() -> StoreUnavailable:
    return StoreUnavailable(
        "The run store lies behind a connection pooler in transaction mode, where no process can hold a lock. The "
        "operator of this server names PostgreSQL itself in FMNIST_DATABASE_URL, or a pooler in session mode."
    )


def _is_at(file: int, path: Path) -> bool:
    try:
        found, own = path.stat(), os.fstat(file)
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino)


def _key(process_id: str) -> int:
    """Return 64 of the id's bits as PostgreSQL's signed integer."""
    return int(process_id[:16], 16) - 2**63
