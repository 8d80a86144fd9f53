"""The tables of the run store."""

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from fmnist.runs.checked_blob import CheckedBlob
from fmnist.types import EpochMetrics

# The layout of these tables, counted up when one changes. A store of another layout is refused and left as it is:
# nothing upgrades it.
VERSION = 1

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("recipe", Text, nullable=False),
    Column("target_epochs", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("environment", JSON, nullable=False, default=dict),
    # Without it SQLite gives the number of a deleted run to the next one.
    sqlite_autoincrement=True,
)


def _of_run(**options: Any) -> Column[str]:
    return Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), **options)


def _of_epoch() -> tuple[Column[str], Column[int]]:
    return _of_run(primary_key=True), Column("epoch", Integer, primary_key=True)


epochs = Table(
    "epochs",
    metadata,
    *_of_epoch(),
    *(Column(field.name, Float, nullable=False) for field in fields(EpochMetrics) if field.name != "epoch"),
)

# The constant learning rate of a run's epochs from this one on, where it was extended with another than its recipe's.
learning_rates = Table("learning_rates", metadata, *_of_epoch(), Column("learning_rate", Float, nullable=False))

# The progress of a training about twice a second: means since the epoch began.
curve = Table(
    "curve",
    metadata,
    *_of_epoch(),
    Column("batch", Integer, primary_key=True),
    Column("batches", Integer, nullable=False),
    Column("loss", Float, nullable=False),
    Column("accuracy", Float, nullable=False),
)

# The network within an epoch, about once a second, as JSON; that of an epoch's end is a checkpoint.
snapshots = Table(
    "snapshots",
    metadata,
    _of_run(primary_key=True),
    Column("epochs", Float, primary_key=True),
    Column("content", CheckedBlob, nullable=False),
)

# Apart from the metrics, so that drawing a curve does not read half a megabyte an epoch.
checkpoints = Table(
    "checkpoints",
    metadata,
    *_of_epoch(),
    Column("weights", CheckedBlob, nullable=False),
    Column("test_logits", CheckedBlob, nullable=False),
)

# The logits of the 5,000 held-out images, of the runs that validate on them.
held_out_logits = Table(
    "held_out_logits",
    metadata,
    *_of_epoch(),
    Column("logits", CheckedBlob, nullable=False),
)

# The training's state after the last finished epoch, from which it goes on: the optimizer's, and whatever else the
# recipe's method keeps besides the network.
training_states = Table(
    "training_states",
    metadata,
    _of_run(primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("state", CheckedBlob, nullable=False),
)

# A run's training, whose status is the run's, and the analyses of its last network.
jobs = Table(
    "jobs",
    metadata,
    _of_run(primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("status", String(16), nullable=False),
    # The order of the queue, counted up; wall clocks of several machines disagree. An analysis is last at its claim.
    Column("position", Integer, nullable=False),
    Column("stop_requested", Boolean, nullable=False, default=False),
    Column("worker", String(32)),
    # Counted up by every write of its worker: one that holds its lock may do nothing all the same.
    Column("writes", Integer, nullable=False, default=0),
    # Claims since the request, or since the last finished epoch.
    Column("attempts", Integer, nullable=False, default=0),
    Column("progress", JSON(none_as_null=True)),
    Column("failure", JSON(none_as_null=True)),
    # Last, so that SQLite need not walk over megabytes to the others.
    Column("content", CheckedBlob),
    Index("queue", "status", "position"),
)

# Web servers, commands and workers; a lock says whether one lives.
processes = Table(
    "processes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
)
