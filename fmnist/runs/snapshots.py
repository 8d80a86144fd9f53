"""Snapshots of a training: within an epoch as the worker took them, at its end computed from the checkpoint."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from math import ceil

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from fmnist.analysis.watched import WATCHED, answers, by_class, filters
from fmnist.runs.record import Run
from fmnist.runs.schema import epochs, runs, snapshots
from fmnist.types import Arrays, Snapshot

# Of a run, within its epochs, and as many at their ends.
MAX_SNAPSHOTS = 200


def add_snapshots(connection: Connection, run_id: str, taken: Iterable[Snapshot]) -> None:
    """Store snapshots in the order of the training, without those that are too near to the one before."""
    target_epochs = connection.execute(select(runs.c.target_epochs).where(runs.c.id == run_id)).scalar_one()
    last = connection.scalar(select(func.max(snapshots.c.epochs)).where(snapshots.c.run == run_id)) or 0.0
    for snapshot in taken:
        if snapshot.epochs - last >= target_epochs / MAX_SNAPSHOTS or not last:
            last, content = snapshot.epochs, json.dumps(asdict(snapshot), separators=(",", ":")).encode()
            connection.execute(insert(snapshots).values(run=run_id, epochs=last, content=content))


def forget_unfinished_snapshots(connection: Connection, run_id: str) -> None:
    """Delete the snapshots of an epoch that is trained again from its start."""
    finished = select(func.count()).where(epochs.c.run == run_id).scalar_subquery()
    connection.execute(delete(snapshots).where(snapshots.c.run == run_id, snapshots.c.epochs > finished))


def read_snapshots(connection: Connection, run_id: str, after: float) -> tuple[Snapshot, ...]:
    """Return the stored snapshots of a run after so many epochs, in the order of its training. Raises DamagedRun."""
    chosen = select(snapshots.c.content).where(snapshots.c.run == run_id, snapshots.c.epochs > after)
    return tuple(Snapshot(**json.loads(each)) for each in connection.scalars(chosen.order_by(snapshots.c.epochs)))


def epochs_with_snapshot(run: Run) -> list[int]:
    """Return the kept epochs whose ends are shown: all, or every so many of a long run, and the last one."""
    step = ceil(run.target_epochs / MAX_SNAPSHOTS)
    return [epoch for epoch in run.kept if epoch % step == 0 or epoch == run.kept[-1]]


def snapshot_of_checkpoint(
    epoch: int, seconds: float, weights: Arrays, test_logits: np.ndarray, logits: np.ndarray, labels: np.ndarray
) -> Snapshot:
    """Return the snapshot at an epoch's end; logits (n, 10) and labels (n,) are those of the validation images."""
    right, taken_for = by_class(logits, labels)
    return Snapshot(
        epochs=float(epoch),
        seconds=round(seconds, 2),
        answers=answers(test_logits[list(WATCHED)]),
        filters=filters(weights),
        right=right,
        taken_for=taken_for,
    )
