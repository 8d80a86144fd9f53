"""Thirty people on one server, their browsers elsewhere: python -m benchmarks.classroom."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import click
import numpy as np
import psutil

from benchmarks.pages import train_long
from benchmarks.report import Figure, outputs, report, spread
from benchmarks.visitor import Visitor
from testing.serving import Server

PEOPLE = 30
# The mean time between two requests of a session.
SECONDS_BETWEEN_QUESTIONS = 3.0
SECONDS = 30.0


async def asking(visitor: Visitor, seed: int) -> list[float]:
    """Let the hand rest at test images for a while; return the milliseconds until the server has followed."""
    random = np.random.default_rng(seed)
    took: list[float] = []
    clock = asyncio.get_running_loop().time
    end = clock() + SECONDS
    while clock() < end:
        await asyncio.sleep(random.uniform(0, 2 * SECONDS_BETWEEN_QUESTIONS))
        took.append(1000 * await visitor.rest(int(random.integers(10_000))))
    return took


def cores_busy(server: Server) -> Callable[[], float]:
    """Return a function: the mean number of cores that the server's own process keeps busy from now until its call."""
    process, started = psutil.Process(server.pid), time.perf_counter()

    def computed() -> float:
        times = process.cpu_times()
        return times.user + times.system

    before = computed()
    return lambda: (computed() - before) / (time.perf_counter() - started)


async def all_ask(server: Server, visitors: list[Visitor], doing: str) -> list[Figure]:
    """Measure the response times of thirty sessions."""
    busy = cores_busy(server)
    took = await asyncio.gather(*(asking(visitor, seed) for seed, visitor in enumerate(visitors)))
    return [
        *spread(f"thirty hands rest, answer sent, {doing}", [each for answers in took for each in answers], 100),
        Figure(f"the server's cores busy, {doing}", busy(), "cores"),
    ]


async def all_follow(server: Server, visitors: list[Visitor]) -> list[Figure]:
    """Measure how often the sessions receive a run's progress."""
    busy, seen = cores_busy(server), sum(visitor.sightings for visitor in visitors)
    await asyncio.sleep(SECONDS)
    seen = sum(visitor.sightings for visitor in visitors) - seen
    return [
        Figure("thirty follow a run, each sees its progress", seen / PEOPLE / SECONDS, "/s", least=1),
        Figure("the server's cores busy, thirty follow", busy(), "cores"),
    ]


async def arriving(stack: AsyncExitStack, server: Server, page: str, shown: str) -> tuple[list[Visitor], Figure]:
    """Open thirty sessions at once; return them and the longest loading time."""
    visitors = [await stack.enter_async_context(Visitor(server.url, page)) for _ in range(PEOPLE)]
    last = max(await asyncio.gather(*(visitor.open(shown) for visitor in visitors)))
    return visitors, Figure(f"{page}, for the last of thirty who come at once", last, "s")


async def classroom(server: Server) -> list[Figure]:
    """Measure predictions while the worker is idle and while it trains, then the progress of that run."""
    async with AsyncExitStack() as stack:
        visitors, arrival = await arriving(stack, server, "predict", '"index": 169,')
        figures = [arrival, *await all_ask(server, visitors, "idle")]
        await asyncio.to_thread(train_long, server)
        figures += await all_ask(server, visitors, "while Fast trains")
    async with AsyncExitStack() as stack:
        visitors, arrival = await arriving(stack, server, "train", "images per second")
        return [*figures, arrival, *await all_follow(server, visitors)]


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure thirty sessions."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        report("A classroom", asyncio.run(classroom(server)), file)


if __name__ == "__main__":
    main()
