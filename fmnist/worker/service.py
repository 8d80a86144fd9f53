"""The worker: claims the queued jobs, one after another, and runs them."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import cycle
from math import inf
from types import FrameType

from filelock import FileLock, Timeout

from fmnist.data.dataset import load_dataset
from fmnist.errors import FmnistError, StoreUnavailable, WorkerCannotStart
from fmnist.recipe import NAMED
from fmnist.runs.database import sibling_path
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.system import hardware, subprocesses
from fmnist.worker.memory import MemoryLimit
from fmnist.worker.reporter import WorkerReporter
from fmnist.worker.runner import run_job
from fmnist.worker.tasks import Tasks

# Seconds between an idle worker's reads of the queue: too short to be noticed after a click.
POLL_SECONDS = 0.1
# Seconds between attempts to use a store that fails.
RETRY_DELAY = 2.0
# A local worker takes .8 GB; it ends after a quarter of an hour without work.
IDLE_SECONDS = 15 * 60.0
# Pages have priority over trainings.
NICENESS = 10

log = logging.getLogger(__name__)


def work(settings: Settings, *, local: bool) -> None:
    """Work on the queue until a signal; a `local` worker also ends with the last server, or when idle.

    A worker that exceeds its memory limit is replaced by a fresh process, under the same process id.
    """
    renew = _standby(subprocesses.command("fmnist", "worker", *(["--local"] if local else [])))
    is_too_large = False
    with suppress(Timeout), _worker_lock(settings) if local else nullcontext():
        store = Store(settings.database_url)
        reporter = WorkerReporter(store, leave_with_servers=local)
        try:
            _leave_on_signals(reporter)
            _lower_priority()
            is_too_large = _serve(store, reporter, settings, idle_seconds=IDLE_SECONDS if local else inf)
        finally:
            reporter.close()
            store.close()
    if is_too_large:
        renew()


def _standby(command: list[str]) -> Callable[[], None]:
    """Start a thread of full priority, and return a function with which it replaces this process by a command.

    A new process has the priority of the thread that starts it, and no thread can raise its own.
    """
    due = threading.Event()

    def replace() -> None:
        due.wait()
        os.execve(sys.executable, command, subprocesses.environment())

    thread = threading.Thread(target=replace, name="standby", daemon=True)
    thread.start()

    def renew() -> None:
        due.set()
        thread.join()

    return renew


def _worker_lock(settings: Settings) -> FileLock:
    """Return the lock of the store's one local worker; a second worker raises Timeout and ends."""
    return FileLock(sibling_path(settings.database_url, "-worker.lock"), timeout=0)


def _leave_on_signals(reporter: WorkerReporter) -> None:
    def leave(_signal: int, _frame: FrameType | None) -> None:
        reporter.leaving.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)


def _lower_priority() -> None:
    """Give pages priority over this thread and those it starts: all but the reporter, which has started."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if hasattr(os, "SCHED_BATCH"):
        # Linux: a training thread that wakes up does not preempt a page that is being drawn.
        try:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        except OSError as error:  # some containers forbid it
            log.warning("pages may be slower while this worker trains, its scheduling stays as it is: %s", error)


@contextmanager
def _stored_failure(store: Store) -> Iterator[None]:
    """Store the error that keeps this worker from starting, for pages and commands, and raise it."""
    try:
        yield
    except FmnistError as error:
        store.start_failures.record(error)
        raise
    except (ImportError, MemoryError) as error:
        failure = WorkerCannotStart(
            "The worker cannot load its packages: {error}. On the server, `pip install -r requirements.txt` "
            "installs the missing ones; a worker needs up to 1.2 GB of memory.",
            error=str(error) or "out of memory",
        )
        store.start_failures.record(failure)
        raise failure from error


def _serve(store: Store, reporter: WorkerReporter, settings: Settings, idle_seconds: float) -> bool:
    """Run queued jobs, one after another. Return true where this process exceeds its memory limit."""

    def exit_if_leaving(_progress: object) -> None:
        if reporter.leaving.is_set():  # a download can take minutes
            raise SystemExit

    with _stored_failure(store):
        tasks = Tasks(store, load_dataset(settings, exit_if_leaving))
    reporter.retry_until_stored(store.start_failures.clear)
    recipes, memory, environment = cycle(NAMED.values()), MemoryLimit(), hardware.describe()
    last_work, may_hold_claims = time.monotonic(), False
    while not reporter.leaving.is_set() and time.monotonic() - last_work < idle_seconds:
        claim = None
        try:
            if may_hold_claims:
                store.leases.reap(idle_worker=reporter.worker)
                may_hold_claims = False
            claim = store.jobs.claim(reporter.worker, environment)
            if claim is not None:
                # In an older copy of the store the refused job is still this worker's.
                may_hold_claims = not run_job(store, reporter, tasks.by_name, claim)
                last_work = time.monotonic()
                if memory.exceeded() and not reporter.leaving.is_set():
                    return True
        except StoreUnavailable as error:  # such as a full disk: the store is tried again
            log.warning("%s", error)
            may_hold_claims = True
            reporter.leaving.wait(RETRY_DELAY)
        if claim is None:
            tasks.warm_up(next(recipes))
            reporter.leaving.wait(POLL_SECONDS)
    return False
