"""The tables of the run store, and how a database is opened with them."""

import sqlite3
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from fmnist.errors import StoreUnavailable

VERSION = 1

metadata = MetaData()

store_table = Table("store", metadata, Column("version", Integer, primary_key=True))

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("recipe", Text, nullable=False),
    Column("target_epochs", Integer, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("origin", String(16), nullable=False),
    Column("created_at", Float, nullable=False),
    # The order of the queue, counted up; wall clocks of several machines disagree.
    Column("queued_order", Integer, nullable=False),
    Column("stop_requested", Boolean, nullable=False, default=False),
    Column("worker", String(32)),
    # How often a worker took the run since its last finished epoch.
    Column("attempts", Integer, nullable=False, default=0),
    Column("progress", JSON(none_as_null=True)),
    Column("failure", JSON(none_as_null=True)),
    Column("environment", JSON, nullable=False, default=dict),
    Column("revision", Integer, nullable=False, default=0),
    # Without it SQLite gives the number of a deleted run to the next one.
    sqlite_autoincrement=True,
)


def _of_run(**options: Any) -> Column[str]:
    return Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), **options)


epochs = Table(
    "epochs",
    metadata,
    _of_run(primary_key=True),
    Column("epoch", Integer, primary_key=True),
    *(
        Column(name, Float, nullable=False)
        for name in ("loss", "accuracy", "val_loss", "val_accuracy", "test_accuracy", "seconds")
    ),
)

# Apart from the numbers, so that drawing a curve does not read half a megabyte an epoch.
arrays = Table(
    "arrays",
    metadata,
    _of_run(primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("weights", LargeBinary, nullable=False),
    Column("test_logits", LargeBinary, nullable=False),
)

# The optimizer's state after the last finished epoch, from which training goes on.
optimizers = Table(
    "optimizers",
    metadata,
    _of_run(primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

artifacts = Table(
    "artifacts",
    metadata,
    _of_run(primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Who is here: web servers and commands that want runs trained, and the workers that train them.
processes = Table(
    "processes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Float, nullable=False),
    Column("beat_at", Float, nullable=False),
)


def open_engine(database_url: str) -> Engine:
    """Connect, and make or check the tables. Raises StoreUnavailable for an impossible URL or a newer store."""
    try:
        url = make_url(database_url)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise NoSuchModuleError
        engine = create_engine(url, **({"connect_args": {"timeout": 10}} if url.get_backend_name() == "sqlite" else {}))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreUnavailable(
            "FMNIST_DATABASE_URL is {url!r}, which cannot be used ({reason}). It must look like "
            "sqlite:////folder/runs.sqlite3 or postgresql://user@server/database; the latter needs "
            "`pip install 'psycopg[binary]'`.",
            url=database_url,
            reason=type(error).__name__,
        ) from error
    if engine.dialect.name == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    with engine.execution_options(writes=True).begin() as connection:
        _create_or_check(connection)
    return engine


def store_folder(database_url: str) -> Path:
    """The folder for what stands beside the store: a SQLite file's own, else the platform's data folder."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent
    return user_data_path("fmnist", appauthor=False)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions begin where `_begin_sqlite` says so. No WAL: many Pythons link a SQLite whose WAL mode can corrupt
    # a file with several writers (fixed in 3.51.3).
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that takes the lock at once waits its turn; one that upgrades from reading fails instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _create_or_check(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(70000)"))  # two processes may come first at once
    store_table.create(connection, checkfirst=True)
    version = connection.scalar(select(store_table.c.version))
    if version is None:
        metadata.create_all(connection)
        connection.execute(insert(store_table).values(version=VERSION))
    elif version > VERSION:
        raise StoreUnavailable(
            "The run store has version {found}; this program reads version {known}. Update the program, or name "
            "another store with FMNIST_DATABASE_URL.",
            found=version,
            known=VERSION,
        )


def now(connection: Connection) -> Any:
    """The database's clock as an SQL expression, in seconds: one clock for all machines that share the store."""
    if connection.dialect.name == "sqlite":
        return text("(julianday('now') - 2440587.5) * 86400.0")
    return text("extract(epoch from clock_timestamp())")
