"""Thirty people on one server, their browsers elsewhere: python -m benchmarks.classroom."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
SECONDS_BETWEEN_QUICK_QUESTIONS = 0.3
# The browser asks twice a second for a run's progress.
SECONDS_BETWEEN_POINTS = 0.5
SECONDS = 30.0


async def asking(visitor: Visitor, seed: int, between: float = SECONDS_BETWEEN_QUESTIONS) -> list[float]:
    """Let the hand rest at test images for a while; return the milliseconds until the server has followed."""
    random = np.random.default_rng(seed)
    took: list[float] = []
    clock = asyncio.get_running_loop().time
    end = clock() + SECONDS
    while clock() < end:
        await asyncio.sleep(random.uniform(0, 2 * between))
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


def follow(server: Server, run_id: str) -> int:
    """Request the progress of a run as Train does in a browser; return the number of points that came."""
    connection = HTTPConnection(urlsplit(server.url).netloc)

    def get(path: str) -> Any:
        connection.request("GET", f"/api/runs/{run_id}{path}")
        return json.loads(connection.getresponse().read())

    begun = time.perf_counter()
    newest = snapshot = get("")["progress"]["epoch"] - 1
    points = 0
    for tick in range(int(SECONDS / SECONDS_BETWEEN_POINTS)):
        time.sleep(max(begun + tick * SECONDS_BETWEEN_POINTS - time.perf_counter(), 0))
        get("")
        news = get(f"/curve?after={newest}")
        newest = news[-1][0] if news else newest
        points += len(news) if tick else 0  # the first are from before
        if tick % 2 == 0:
            snapshots = get(f"/snapshots?after={snapshot}")
            snapshot = snapshots[-1]["epochs"] if snapshots else snapshot
    return points


async def all_follow(server: Server, visitor: Visitor) -> list[Figure]:
    """Measure how often thirty receive a point of a run, and how long who is on Predict waits, alone and meanwhile."""
    loop, run_id = asyncio.get_running_loop(), server.run.id
    alone = await asking(visitor, 1, SECONDS_BETWEEN_QUICK_QUESTIONS)
    busy = cores_busy(server)
    with ThreadPoolExecutor(PEOPLE) as people:
        following = [loop.run_in_executor(people, follow, server, run_id) for _ in range(PEOPLE)]
        meanwhile = await asking(visitor, 1, SECONDS_BETWEEN_QUICK_QUESTIONS)
        seen = await asyncio.gather(*following)
    return [
        Figure("thirty follow a run, points a second each", min(seen) / SECONDS, "/s", least=1.9),
        Figure("the server's cores busy, thirty follow", busy(), "cores"),
        *spread("a hand rests, nobody follows", alone, None),
        *spread("a hand rests, thirty follow", meanwhile, None),
        Figure("the one ÷ the other, median", np.median(meanwhile) / np.median(alone), "×", 1.1),
    ]


async def all_drag(server: Server) -> Figure:
    """Measure thirty sessions for a minute in which hands move: they send nothing (`benchmarks.hand`)."""
    busy = cores_busy(server)
    await asyncio.sleep(60)
    return Figure("the server's cores busy, thirty hands move for a minute", busy(), "cores", 0.05)


async def arriving(stack: AsyncExitStack, server: Server, page: str, shown: str) -> tuple[list[Visitor], Figure]:
    """Open thirty sessions at once; return them and the longest loading time."""
    visitors = [await stack.enter_async_context(Visitor(server.url, page)) for _ in range(PEOPLE)]
    last = max(await asyncio.gather(*(visitor.open(shown) for visitor in visitors)))
    return visitors, Figure(f"{page}, for the last of thirty who come at once", last, "s")


async def classroom(server: Server) -> list[Figure]:
    """Measure predictions while the worker is idle and while it trains, then the progress of that run."""
    async with AsyncExitStack() as stack:
        visitors, arrival = await arriving(stack, server, "predict", '"index": 169,')
        figures = [arrival, await all_drag(server), *await all_ask(server, visitors, "idle")]
        await asyncio.to_thread(train_long, server)
        figures += await all_ask(server, visitors, "while Fast trains")
    async with AsyncExitStack() as stack:
        _, arrival = await arriving(stack, server, "train", "api/runs/")
        visitor = await stack.enter_async_context(Visitor(server.url, "predict"))
        await visitor.open('"index": 169,')
        return [*figures, arrival, *await all_follow(server, visitor)]


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure thirty sessions."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        report("A classroom", asyncio.run(classroom(server)), file)


if __name__ == "__main__":
    main()
