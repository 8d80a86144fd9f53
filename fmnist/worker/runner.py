"""The one way in which a job runs and ends, whatever its task."""

import logging
from collections.abc import Mapping
from functools import partial

from fmnist.errors import FmnistError, RunConflict, StoreUnavailable
from fmnist.runs.record import Claim, JobName, Status
from fmnist.runs.store import Store
from fmnist.types import Arrays
from fmnist.worker.reporter import JobContext, WorkerReporter
from fmnist.worker.tasks import Task

log = logging.getLogger(__name__)


def run_job(store: Store, reporter: WorkerReporter, tasks: Mapping[JobName, Task], claim: Claim) -> bool:
    """Run a claimed job, and store its end; return False where the store refused it.

    Raises StoreUnavailable when the worker leaves without a usable store.
    """
    with reporter.tracking(claim) as job:
        try:
            _run(store, tasks, job)
        except RunConflict as conflict:  # the run was deleted or has a newer epoch, or another worker has it
            log.warning("%s", conflict)
            return False
    return True


def _run(store: Store, tasks: Mapping[JobName, Task], job: JobContext) -> None:
    def finish(status: Status, result: Arrays | None = None, failure: FmnistError | None = None) -> None:
        end = partial(store.jobs.finish, job.claim, status, result=result, failure=failure)
        job.retry_until_stored(end)

    try:
        result = tasks[job.claim.name](job)
    except (RunConflict, StoreUnavailable):
        raise
    except FmnistError as error:
        finish("failed", failure=error)
    except Exception as error:
        log.exception("the %s of run %s failed", job.claim.name, job.claim.run)
        finish("failed", failure=_unexpected(job.claim, error))
    else:
        if result is not None:
            finish("succeeded", result)
        elif job.interrupt == "stop":
            finish("stopped")
        else:  # a training has priority, or the worker is leaving
            job.retry_until_stored(partial(store.jobs.release, job.claim))


def _unexpected(claim: Claim, error: Exception) -> FmnistError:
    if claim.name == "training":
        return FmnistError(
            "The training ended with an error: {error}. The worker's log has the details.", error=type(error).__name__
        )
    return FmnistError(
        "The computation ended with an error: {error}. The worker's log has the details.", error=type(error).__name__
    )
