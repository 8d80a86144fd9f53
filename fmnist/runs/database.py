"""The database of the run store: connections, transactions and errors."""

import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from math import inf
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from fmnist.errors import StoreUnavailable
from fmnist.runs.parse import json_or_text
from fmnist.runs.reserve import DiskReserve, disk_is_full
from fmnist.runs.schema import VERSION, metadata, schema_version
from fmnist.runs.watched_file import WatchedFile

# Seconds that a transaction waits for another's lock, and a connection for its server.
DATABASE_TIMEOUT = 10


class Database:
    """A SQLite file or a PostgreSQL database. Every method raises StoreUnavailable when it fails."""

    def __init__(self, url: str, seed: Callable[[Connection], None] | None = None) -> None:
        """Connect, and make or check the tables. Raises StoreUnavailable, also for another layout.

        `seed` inserts the first rows where the tables are new.
        """
        self.url, self._seed = url, seed
        self.parts = checked_url(url)
        self.is_file = self.parts.get_backend_name() == "sqlite"
        self._reserve = DiskReserve(sibling_path(url, "-reserve")) if self.is_file else None
        self._engine = _engine(self.parts)
        self._file: WatchedFile | None = None
        # When another file took the store's place, by the monotonic clock.
        self.replaced_at = -inf
        try:
            with self.errors():
                if self.is_file:
                    self._file = WatchedFile(_made_file(self.parts), self._open)
                else:
                    self._open()
        except BaseException:
            self.close()
            raise

    def errors(self) -> AbstractContextManager[None]:
        """Raise StoreUnavailable for errors of the database and of the files beside it."""
        return translate_errors(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that reads one snapshot."""
        with self.errors():
            self._check_file()
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that commits whole or rolls back."""
        with self.errors():
            self._check_file()
            with self._engine.execution_options(writes=True).begin() as connection:
                yield connection

    def delete(self, change: Callable[[Connection], None]) -> None:
        """Run a change that frees space, on a full disk with the reserve released."""
        try:
            with self.writing() as connection:
                change(connection)
        except StoreUnavailable as error:
            if not (self._reserve and disk_is_full(error.__cause__) and self._reserve.release()):
                raise
            with self.writing() as connection:
                change(connection)
        if self._reserve:
            self._reserve.fill()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _open(self) -> None:
        """Connect anew, and create or check the tables."""
        self._engine.dispose()
        if self._file:
            self.replaced_at = time.monotonic()
        with self._engine.begin() as connection:
            is_new = _is_new(connection)
        if is_new:
            with self._engine.execution_options(writes=True).begin() as connection:
                self._create(connection)
        with self._engine.begin() as connection:
            _check_version(connection)
        if self._reserve:
            self._reserve.fill()

    def _create(self, connection: Connection) -> None:
        """Create the tables where none is; another program's stay untouched."""
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(70000)"))  # two processes may create them at once
        if _is_new(connection):
            metadata.create_all(connection)
            if self._seed:
                self._seed(connection)
            connection.execute(insert(schema_version).values(version=VERSION))

    def _check_file(self) -> None:
        try:
            if self._file:
                self._file.check()
        except FileNotFoundError as error:
            raise StoreUnavailable(
                "The run store was deleted while this program used it. The operator of this server puts it back, or "
                "starts the server again with an empty one.",
                details=without_passwords(self.url),
            ) from error


def checked_url(url: str) -> URL:
    """Return the parsed URL. Raises StoreUnavailable unless it names a SQLite file or a PostgreSQL database."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise _impossible(url, "it is not a URL") from None
    backend, reason = parts.get_backend_name(), "it names neither a SQLite file nor a PostgreSQL database"
    if backend == "sqlite" and parts.database not in (None, "", ":memory:"):
        if parts.get_driver_name() == "pysqlite" and not parts.query:
            return parts
        reason = "a SQLite file has no other driver, and no options"
    elif backend == "postgresql":
        return parts
    raise _impossible(url, reason)


def sibling_path(url: str, ending: str) -> Path:
    """Return the path of a file of this store alone: next to a SQLite file, else in the platform's data folder."""
    parts = checked_url(url)
    if parts.get_backend_name() == "sqlite":
        path = Path(parts.database or "")
        return path.with_name(path.name + ending)
    folder = user_data_path("fmnist", appauthor=False, ensure_exists=True)
    return folder / (hashlib.sha256(os.fsencode(url)).hexdigest()[:16] + ending)


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Raise StoreUnavailable for errors of the database and of the file system."""
    # The last: a URL with a byte of no text.
    known: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, UnicodeEncodeError)
    try:
        yield
    except (IntegrityError, DataError):  # a fault of this program, which waiting or free space does not mend
        raise
    except known as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(reason).split()).rstrip(".") or type(reason).__name__
        raise StoreUnavailable(
            "The run store cannot be used. The operator of this server finds the reason in its log: free space, "
            "allow writing, start the database, or name another store with FMNIST_DATABASE_URL.",
            details=f"{without_passwords(url)}: {_without(said, url)}",
        ) from error


def connect_args(url: URL) -> dict[str, int]:
    """Return the options of a connection; PostgreSQL's notice a server that does not answer after 20 seconds."""
    if url.get_backend_name() == "sqlite":
        return {"timeout": DATABASE_TIMEOUT}
    keepalives = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}
    return {"connect_timeout": DATABASE_TIMEOUT, **keepalives}


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args=connect_args(url), json_deserializer=json_or_text)
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            event.listen(engine, "handle_error", _forget_read_only)
        else:
            # A connection that did not survive a restart of the server is replaced before it is used.
            engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                connect_args=connect_args(url),
                pool_pre_ping=True,
            )
            event.listen(engine, "connect", _configure_postgresql)
            event.listen(engine, "begin", _begin_postgresql)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise _impossible(str(url), str(error)) from error
    return engine


def _made_file(url: URL) -> Path:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch()
    return path


def _forget_read_only(error: ExceptionContext) -> None:
    """Have new connections made: SQLite's stays read-only when the file has become writable."""
    name = getattr(error.original_exception, "sqlite_errorname", "")
    error.is_disconnect = error.is_disconnect or name.startswith("SQLITE_READONLY")


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # `_begin_sqlite` begins the transactions. No WAL: many Pythons link a SQLite whose WAL mode can corrupt
    # a file with several writers (fixed in 3.51.3).
    connection.isolation_level = None
    # A text that was damaged is refused with its row alone.
    connection.text_factory = lambda content: content.decode(errors="replace")
    # Secure deletion, Debian's default, writes zeros over a deleted run, through a journal as large as the run: 66 MB
    # for 100 epochs instead of 0.2 MB.
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=FAST"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that takes the lock at once waits its turn; one that upgrades from reading fails instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _configure_postgresql(connection: Any, _record: object) -> None:
    # A process that is stopped inside a transaction would keep its rows locked: the server ends the connection.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{DATABASE_TIMEOUT}s'")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    # A run and its epochs are read in two statements, which shall see the same moment.
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _is_new(connection: Connection) -> bool:
    """Return whether none of the store's tables is there, not even those of an older layout."""
    return metadata.tables.keys().isdisjoint(inspect(connection).get_table_names())


def _check_version(connection: Connection) -> None:
    there = {*inspect(connection).get_table_names()}
    version: object = 0
    if schema_version.name in there:
        version = connection.scalar(select(schema_version.c.version))
    if version == VERSION and not there.issuperset(metadata.tables):  # of a program that was never released
        version = 0
    if version != VERSION:
        raise StoreUnavailable(
            "The run store has layout version {found}; this program reads version {known}. Start the program that "
            "wrote it, or name another store with FMNIST_DATABASE_URL; this one stays as it is.",
            found=version,
            known=VERSION,
        )


def _impossible(url: str, reason: str) -> StoreUnavailable:
    return StoreUnavailable(
        "FMNIST_DATABASE_URL cannot be used. It must look like "
        "sqlite:////folder/runs.sqlite3 or postgresql://user@server/database; the latter needs "
        "`pip install 'psycopg[binary]'`.",
        details=f"{without_passwords(url)!r}: {_without(reason, url)}",
    )


def without_passwords(url: str) -> str:
    """Return the URL with its user's password and those among its options replaced."""
    return re.sub(r"([?&][^=&]*pass[^=&]*=)[^&]*", r"\1***", re.sub(r"//.*@", "//***@", url), flags=re.IGNORECASE)


def _without(text: str, url: str) -> str:
    """Return a driver's message without the passwords of the URL."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        return without_passwords(text)
    options = [value for name, value in parts.normalized_query.items() if "pass" in name.lower()]
    for secret in [parts.password, *(secret for values in options for secret in values)]:
        text = text.replace(str(secret), "***") if secret else text
    return without_passwords(text)
