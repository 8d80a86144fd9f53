"""The reason why no worker starts, written into every queued run and job."""

import signal
from contextlib import suppress

from sqlalchemy import null, select, update

from fmnist.errors import FmnistError, WorkerCannotStart
from fmnist.runs.database import Database
from fmnist.runs.parse import MALFORMED, parse_failure
from fmnist.runs.record import Failure
from fmnist.runs.rows import failure_json
from fmnist.runs.schema import computations, runs

WAITING = ((runs, "queued"), (computations, "waiting"))


class StartFailures:
    """Reasons in the store why workers cannot start. All methods raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, failure: FmnistError | Failure, *, again: bool = False) -> None:
        """Write the reason into all queued runs and jobs; `again` keeps a reason that is there."""
        with self._database.writing() as connection:
            for table, status in WAITING:
                change = update(table).where(table.c.status == status).values(failure=failure_json(failure))
                connection.execute(change.where(table.c.failure.is_(null())) if again else change)

    def clear(self) -> None:
        """Remove the reason: a worker is ready."""
        with self._database.writing() as connection:
            for table, status in WAITING:
                connection.execute(update(table).where(table.c.status == status).values(failure=None))

    def current(self) -> Failure | None:
        """Return the reason that is recorded; None also where nothing is queued."""
        with self._database.reading() as connection:
            for table, status in WAITING:
                for stored in connection.scalars(select(table.c.failure).where(table.c.status == status)).all():
                    with suppress(*MALFORMED):
                        if failure := parse_failure(stored):
                            return failure
        return None


def failure_of_exit(code: int) -> WorkerCannotStart:
    """Return the failure that a worker's exit code stands for."""
    if code == -signal.SIGKILL:
        return WorkerCannotStart(
            "The system ended the worker, most likely because memory ran out: a worker takes up to 1.2 GB. Close other "
            "programs on the server and try again."
        )
    return WorkerCannotStart(
        "The worker ended with exit code {code}. The reason is in the worker's log on the server; `python -m "
        "fmnist doctor` shows its place.",
        code=code,
    )
