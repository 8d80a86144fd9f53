"""The worker: takes run ids from the queue and runs their training and analysis."""

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
from fmnist.runs.desk import Desk
from fmnist.runs.heartbeat import WorkerHeartbeat
from fmnist.runs.presence import this_process
from fmnist.settings import Settings
from fmnist.system import subprocesses
from fmnist.worker.analysis_task import AnalysisTask
from fmnist.worker.memory import MemoryLimit
from fmnist.worker.training_task import TrainingTask

# Seconds between an idle worker's reads of the queue: too short to be noticed after a click.
POLL_SECONDS = 0.1
# Seconds between searches for runs whose worker died.
RECOVERY_SECONDS = 2.0
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
        desk = Desk(settings)
        heartbeat = WorkerHeartbeat(desk.store, this_process("worker"), leave_with_servers=local)
        try:
            _leave_on_signals(heartbeat)
            _lower_priority()
            is_too_large = _serve(desk, heartbeat, settings, idle_seconds=IDLE_SECONDS if local else inf)
        finally:
            heartbeat.close()
            desk.close()
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


def _leave_on_signals(heartbeat: WorkerHeartbeat) -> None:
    def leave(_signal: int, _frame: FrameType | None) -> None:
        heartbeat.leaving.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)


def _lower_priority() -> None:
    """Give pages priority over this thread and those it starts: all but the heartbeat, which has started."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if hasattr(os, "SCHED_BATCH"):
        # Linux: a training thread that wakes up does not preempt a page that is being drawn.
        try:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        except OSError as error:  # some containers forbid it
            log.warning("pages may be slower while this worker trains, its scheduling stays as it is: %s", error)


@contextmanager
def _stored_failure(desk: Desk) -> Iterator[None]:
    """Store the error that keeps this worker from starting, for pages and commands, and raise it."""
    try:
        yield
    except FmnistError as error:
        desk.store.start_failures.record(error)
        raise
    except (ImportError, MemoryError) as error:
        failure = WorkerCannotStart(
            "The worker cannot load its packages: {error}. On the server, `pip install -r requirements.txt` "
            "installs the missing ones; a worker needs up to 1.2 GB of memory.",
            error=str(error) or "out of memory",
        )
        desk.store.start_failures.record(failure)
        raise failure from error


def _serve(desk: Desk, heartbeat: WorkerHeartbeat, settings: Settings, idle_seconds: float) -> bool:
    """Run queued tasks, one after another. Return true where this process exceeds its memory limit."""

    def exit_if_leaving(_progress: object) -> None:
        if heartbeat.leaving.is_set():  # a download can take minutes
            raise SystemExit

    with _stored_failure(desk):
        dataset = load_dataset(settings, exit_if_leaving)
        training, analysis = TrainingTask(desk.store, heartbeat, dataset), AnalysisTask(desk.store, heartbeat, dataset)
    heartbeat.retry_until_stored(desk.store.start_failures.clear)
    recipes, memory = cycle(NAMED.values()), MemoryLimit()
    last_work, last_recovery = time.monotonic(), -inf
    while not heartbeat.leaving.is_set() and time.monotonic() - last_work < idle_seconds:
        run_id = None
        try:
            if time.monotonic() - last_recovery > RECOVERY_SECONDS:
                desk.recover(heartbeat.worker)
                last_recovery = time.monotonic()
            run_id = desk.queue.take()
            if run_id is not None:
                if not training.take(run_id):
                    analysis.take(run_id)
                last_work = time.monotonic()
                if memory.exceeded() and not heartbeat.leaving.is_set():
                    return True
        except StoreUnavailable as error:  # such as a full disk: the queue and the store are tried again
            log.warning("%s", error)
            last_recovery = -inf  # claimed runs are put back first
            heartbeat.leaving.wait(RECOVERY_SECONDS)
        if run_id is None:
            training.warm_up(next(recipes))
            heartbeat.leaving.wait(POLL_SECONDS)
    return False
