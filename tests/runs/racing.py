"""Several processes that change one store at the same moment."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import Any

from fmnist.recipe import Recipe
from fmnist.runs import database
from fmnist.runs.record import JobName
from fmnist.runs.store import Store

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


def claim_all(ready: Callable[[], int], url: str) -> list[tuple[str, JobName]]:
    """Claim until nothing is queued; return the runs and names of the claimed jobs."""
    store = Store(url)
    worker, won = f"worker {ready()}", []
    while claim := store.jobs.claim(worker, {}):
        won.append((claim.run, claim.name))
    return won


def add_many(ready: Callable[[], int], url: str, count: int) -> list[str]:
    """Add so many runs; return their ids."""
    store = Store(url)
    ready()
    return [store.submit(Recipe(), "page").id for _ in range(count)]


def open_cold(ready: Callable[[], int], url: str) -> str:
    """Open a store for the first time, and use it."""
    ready()
    return Store(url).submit(Recipe(), "page").id
