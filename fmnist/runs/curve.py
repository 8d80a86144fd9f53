"""The curve of a training: the loss and the accuracy of the batches between two points."""

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import Connection, Row, delete, func, insert, select

from fmnist.runs.schema import curve, epochs, runs
from fmnist.types import CurvePoint, Progress

# Of a run: as many as a chart can show.
MAX_POINTS = 800


def add_points(connection: Connection, run_id: str, reports: Iterable[Progress]) -> None:
    """Store what was reported, in its order, as points; not those that are too near to the one before."""
    target_epochs = connection.execute(select(runs.c.target_epochs).where(runs.c.id == run_id)).scalar_one()
    rows = []
    for epoch, of_epoch in groupby(reports, lambda progress: progress.epoch):
        last = select(func.max(curve.c.batch)).where(curve.c.run == run_id, curve.c.epoch == epoch)
        batch = connection.scalar(last) or 0
        for progress in of_epoch:
            if progress.batch - batch >= max(1, progress.batches * target_epochs / MAX_POINTS):
                values = {name: getattr(progress, name) for name in ("epoch", "batch", "batches", "loss", "accuracy")}
                rows.append({"run": run_id, **values})
                batch = progress.batch
    if rows:
        connection.execute(insert(curve), rows)


def forget_unfinished(connection: Connection, run_id: str) -> None:
    """Delete the points of an epoch that is trained again from its start."""
    finished = select(func.count()).where(epochs.c.run == run_id).scalar_subquery()
    connection.execute(delete(curve).where(curve.c.run == run_id, curve.c.epoch > finished))


def read_curve(connection: Connection, run_id: str, after: float) -> tuple[CurvePoint, ...]:
    """Return the points of a run after so many epochs, in the order of its training."""
    # The whole epoch: a point needs the row before, but none of another epoch.
    chosen = select(curve).where(curve.c.run == run_id, curve.c.epoch > after)
    rows = connection.execute(chosen.order_by(curve.c.epoch, curve.c.batch)).all()
    befores = [None, *rows][: len(rows)]
    points = (_point(before, row) for before, row in zip(befores, rows, strict=True))
    return tuple(point for point in points if point.epochs > after)


def _point(before: Row | None, row: Row) -> CurvePoint:
    """Return the means since the row before; each row has those since its epoch began."""
    # Rounded, so that `after` the newest point, which a client knows as text, it is not read again.
    done = round(row.epoch - 1 + row.batch / row.batches, 4)
    if before is None or before.epoch != row.epoch:
        return CurvePoint(done, row.loss, row.accuracy)
    batches = row.batch - before.batch
    loss = (row.loss * row.batch - before.loss * before.batch) / batches
    accuracy = (row.accuracy * row.batch - before.accuracy * before.batch) / batches
    return CurvePoint(done, loss, accuracy)
