"""The curve of a training: the loss and the accuracy of the batches between two points."""

from sqlalchemy import Connection, Row, delete, func, insert, select

from fmnist.runs.schema import curve, epochs, runs
from fmnist.types import CurvePoint, Progress

# Of a run: as many as a chart can show.
MAX_POINTS = 800


def add_point(connection: Connection, run_id: str, progress: Progress) -> None:
    """Store the progress as a point, unless the point before is too near."""
    target_epochs = connection.execute(select(runs.c.target_epochs).where(runs.c.id == run_id)).scalar_one()
    of_epoch = (curve.c.run == run_id) & (curve.c.epoch == progress.epoch)
    last = connection.scalar(select(func.max(curve.c.batch)).where(of_epoch)) or 0
    if progress.batch - last >= max(1, progress.batches * target_epochs / MAX_POINTS):
        values = {name: getattr(progress, name) for name in ("epoch", "batch", "batches", "loss", "accuracy")}
        connection.execute(insert(curve).values(run=run_id, **values))


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
