"""What several real processes do to one store at the same moment."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from fmnist.recipe import Recipe
from fmnist.runs.desk import Desk
from fmnist.runs.store import Store
from fmnist.settings import Settings


def race(processes: int, act: Callable[..., Any], *arguments: object) -> list[Any]:
    """Let so many processes act at once, and return what each returned; an exception ends the race as itself."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.runs.racing"])
    barrier, answers = context.Barrier(processes), context.SimpleQueue()
    racers = [
        context.Process(target=_run, args=(barrier, answers, act, *arguments), daemon=True) for _ in range(processes)
    ]
    for racer in racers:
        racer.start()
    given = [answers.get() for _ in racers]
    for racer in racers:
        racer.join()
    for answer in given:
        if isinstance(answer, Exception):
            raise answer
    return given


def _run(barrier: Any, answers: Any, act: Callable[..., Any], *arguments: object) -> None:
    try:
        answers.put(act(barrier.wait, *arguments))
    except Exception as error:
        answers.put(RuntimeError(f"{type(error).__name__}: {error}"))


def claim_all(ready: Callable[[], int], url: str, run_ids: list[str]) -> list[str]:
    """Try to claim every run; return those that were won."""
    store = Store(url)
    worker = f"worker {ready()}"
    return [run_id for run_id in run_ids if store.claim(run_id, worker, {})]


def claim_computations(ready: Callable[[], int], url: str, run_ids: list[str]) -> list[tuple[str, str]]:
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
