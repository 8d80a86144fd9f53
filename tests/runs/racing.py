"""Several processes that change one store at the same moment."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

from fmnist.recipe import Recipe
from fmnist.runs import database
from fmnist.runs.desk import Desk
from fmnist.runs.record import ComputationName
from fmnist.runs.store import Store
from fmnist.settings import Settings

# How long the processes wait for each other before they act; ample for a busy machine.
BARRIER_TIMEOUT = 300

_barrier: Barrier


def race(processes: int, act: Callable[..., Any], *arguments: object) -> list[Any]:
    """Let so many processes act at once, and return what each returned.

    The race ends with the exception of a process that raised one, and with BrokenProcessPool where one died.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(processes, timeout=BARRIER_TIMEOUT)
    with ProcessPoolExecutor(processes, context, initializer=_meet_at, initargs=(barrier,)) as pool:
        racing = [pool.submit(_run, act, *arguments) for _ in range(processes)]
        return [racer.result() for racer in racing]


def _meet_at(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier
    # That nobody is turned away does not depend on how busy the machine is.
    database.DATABASE_TIMEOUT = BARRIER_TIMEOUT


def _run(act: Callable[..., Any], *arguments: object) -> Any:
    return act(_barrier.wait, *arguments)


def claim_all(ready: Callable[[], int], url: str, run_ids: list[str]) -> list[str]:
    """Try to claim every run; return those that were won."""
    store = Store(url)
    worker = f"worker {ready()}"
    return [run_id for run_id in run_ids if store.claim(run_id, worker, {})]


def claim_computations(ready: Callable[[], int], url: str, run_ids: list[str]) -> list[tuple[str, ComputationName]]:
    """Try to claim all that waits to be computed of every run; return what was won."""
    computations = Store(url).computations
    worker, won = f"worker {ready()}", []
    for run_id in run_ids:
        while name := computations.claim(run_id, worker):
            won.append((run_id, name))
    return won


def add_many(ready: Callable[[], int], url: str, count: int) -> list[str]:
    """Add so many runs; return their ids."""
    store = Store(url)
    ready()
    return [store.add(Recipe(), "page").id for _ in range(count)]


def open_cold(ready: Callable[[], int], settings: Settings) -> str:
    """Open store and queue for the first time, and use both."""
    ready()
    return Desk(settings).submit(Recipe(), "page").id


def take_all(ready: Callable[[], int], settings: Settings) -> list[str]:
    """Take ids from the queue and claim their runs until there is none; return those that were won."""
    desk = Desk(settings)
    worker, won = f"worker {ready()}", []
    while (run_id := desk.queue.take()) is not None:
        if desk.store.claim(run_id, worker, {}):
            won.append(run_id)
    return won
