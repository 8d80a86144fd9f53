"""The reason why no worker starts, written into every queued job."""

import signal
from contextlib import suppress

from sqlalchemy import Update, exists, null, select, update

from fmnist.errors import FmnistError, WorkerCannotStart
from fmnist.runs.database import Database
from fmnist.runs.parse import MALFORMED, parse_failure
from fmnist.runs.record import Failure
from fmnist.runs.rows import failure_json
from fmnist.runs.schema import jobs


class StartFailures:
    """Reasons in the store why workers cannot start. All methods raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, failure: FmnistError | Failure, *, again: bool = False) -> None:
        """Write the reason into all queued jobs; `again` keeps a reason that is there."""
        change = _queued().values(failure=failure_json(failure))
        if again:  # as a supervisor does in every step, which shall not write each time
            change = change.where(jobs.c.failure.is_(null()))
            untold = exists().where(jobs.c.status == "queued", jobs.c.failure.is_(null()))
            with self._database.reading() as connection:
                if not connection.scalar(select(untold)):
                    return
        with self._database.writing() as connection:
            connection.execute(change)

    def clear(self) -> None:
        """Remove the reason: a worker is ready."""
        with self._database.writing() as connection:
            connection.execute(_queued().values(failure=None))

    def current(self) -> Failure | None:
        """Return the reason that is recorded; None also where nothing is queued."""
        queued = select(jobs.c.failure).where(jobs.c.status == "queued", jobs.c.failure.is_not(null()))
        with self._database.reading() as connection:
            for stored in connection.scalars(queued).all():
                with suppress(*MALFORMED):
                    return parse_failure(stored)
        return None


def _queued() -> Update:
    return update(jobs).where(jobs.c.status == "queued")


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
