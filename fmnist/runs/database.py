"""The database under the run store: how it is opened, its transactions, and what it says when it cannot work."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from fmnist.errors import StoreUnavailable
from fmnist.runs.project_run import insert_project_run
from fmnist.runs.schema import VERSION, metadata, store_table

# How long a transaction waits for another's, and for a server to answer.
PATIENCE_SECONDS = 10


class Database:
    """A SQLite file or a PostgreSQL database. Everything raises StoreUnavailable when it cannot do its work."""

    def __init__(self, url: str) -> None:
        """Connect, and make or check the tables. Raises StoreUnavailable for an impossible URL or a newer store too."""
        self._url = url
        self._engine = _engine(checked_url(url))
        try:
            with self.writing() as connection:
                _create_or_check(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees one moment."""
        with unavailable_as_such(self._url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that takes place whole or not at all."""
        with unavailable_as_such(self._url), self._engine.execution_options(writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def checked_url(url: str) -> URL:
    """The URL in its parts. Raises StoreUnavailable for one that names no SQLite file and no PostgreSQL database."""
    try:
        parts = make_url(url)
        reason = "it names neither a SQLite file nor a PostgreSQL database"
    except (ArgumentError, ValueError):
        parts, reason = None, "it is not a URL"
    backend = parts.get_backend_name() if parts else None
    in_memory = backend == "sqlite" and (not parts.database or parts.database == ":memory:")
    if parts is None or backend not in ("sqlite", "postgresql") or in_memory:
        raise _impossible(url, reason)
    return parts


def beside(url: str, ending: str) -> Path:
    """A file that belongs to this store alone: next to a SQLite file, else in the platform's data folder, made here."""
    parts = checked_url(url)
    if parts.get_backend_name() == "sqlite":
        path = Path(parts.database or "")
        return path.with_name(path.name + ending)
    folder = user_data_path("fmnist", appauthor=False, ensure_exists=True)
    return folder / (hashlib.sha256(url.encode()).hexdigest()[:16] + ending)


@contextmanager
def unavailable_as_such(url: str, *errors: type[Exception]) -> Iterator[None]:
    """Say in a StoreUnavailable what the database, the file system or one of the errors says."""
    try:
        yield
    except (IntegrityError, DataError):  # a fault of this program, which waiting or free space does not mend
        raise
    except (SQLAlchemyError, OSError, *errors) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(
            "The run store {url} cannot be used: {reason}. Free space, allow writing, or name another store with "
            "FMNIST_DATABASE_URL; what was stored before is unharmed.",
            url=_without_password(url),
            reason=" ".join(str(reason).split()).rstrip(".") or type(reason).__name__,
        ) from error


def now(connection: Connection) -> Any:
    """The database's clock as an SQL expression, in seconds: one clock for all machines that share the store."""
    if connection.dialect.name == "sqlite":
        return text("(julianday('now') - 2440587.5) * 86400.0")
    return text("extract(epoch from clock_timestamp())")


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            with unavailable_as_such(str(url)):
                Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            # A connection that did not survive a restart of the server is replaced before it is used.
            engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                connect_args={"connect_timeout": PATIENCE_SECONDS},
                pool_pre_ping=True,
            )
            event.listen(engine, "begin", _begin_postgresql)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise _impossible(str(url), str(error)) from error
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions begin where `_begin_sqlite` says so. No WAL: many Pythons link a SQLite whose WAL mode can corrupt
    # a file with several writers (fixed in 3.51.3).
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that takes the lock at once waits its turn; one that upgrades from reading fails instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # A run and its epochs are read in two statements, which shall see the same moment.
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _create_or_check(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(70000)"))  # two processes may come first at once
    store_table.create(connection, checkfirst=True)
    version = connection.scalar(select(store_table.c.version))
    if version is None or version < VERSION:
        # A newer version has more tables, and the same ones otherwise.
        metadata.create_all(connection)
        insert_project_run(connection)
        connection.execute(delete(store_table))
        connection.execute(insert(store_table).values(version=VERSION))
    elif version > VERSION:
        raise StoreUnavailable(
            "The run store has version {found}; this program reads version {known}. Update the program, or name "
            "another store with FMNIST_DATABASE_URL.",
            found=version,
            known=VERSION,
        )


def _impossible(url: str, reason: str) -> StoreUnavailable:
    return StoreUnavailable(
        "FMNIST_DATABASE_URL is {url!r}, which cannot be used ({reason}). It must look like "
        "sqlite:////folder/runs.sqlite3 or postgresql://user@server/database; the latter needs "
        "`pip install 'psycopg[binary]'`.",
        url=_without_password(url),
        reason=reason,
    )


def _without_password(url: str) -> str:
    return url.split("@")[-1]
