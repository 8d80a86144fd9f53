"""Memory of a worker after many distinct recipes: python -m testing.many_recipes.

A real worker trains tiny runs that differ in everything a page lets a person choose, and computes some of their maps.
Its memory and threads are read ten times a second; the exit code is 1 where it ever held more than it may.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import click
import psutil

from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.system import subprocesses
from fmnist.worker.memory import MAX_BYTES

# Every how many runs a t-SNE map is requested.
MAPS = 8
POLL_SECONDS = 0.1


def recipes(number: int) -> Iterator[Recipe]:
    """Distinct recipes of a few seconds at most: both optimizers, learning rates, batches up to the largest, epochs."""
    for each in range(number):
        yield Recipe(
            epochs=1 + each % 3,
            batch_size=(16, 64, 128, 256, 2_048)[each % 5],
            learning_rate=1e-4 * (1 + each),
            seed=each,
            validation=("held_out", "test")[each % 2],
            training_images=(2_000, 4_100)[each % 2],
            optimizer=("adam", "muon")[each % 2],
            augmentation=each % 7 == 0,
            distillation=each % 4 == 0,
        )


class Peak:
    """Peak memory and threads of a worker."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.megabytes, self.threads = 0.0, 0

    def look(self) -> str:
        """Measure the process; return a line of its memory and threads."""
        memory, threads = self._process.memory_info().rss / 1e6, self._process.num_threads()
        self.megabytes, self.threads = max(self.megabytes, memory), max(self.threads, threads)
        return f"{memory:6.0f} MB {threads:4} threads"

    def look_while(self, lasts: Callable[[], bool]) -> None:
        """Measure the process repeatedly while `lasts` is true."""
        while lasts():
            self.look()
            time.sleep(POLL_SECONDS)


def is_active(store: Store, run_id: str) -> bool:
    """Return whether a run waits or trains."""
    return store.run(run_id).active


def names_of_workers(store: Store) -> set[str]:
    """Return the ids of the store's workers; a fresh process has another."""
    return {process.id for process in store.leases.living() if process.kind == "worker"}


@click.command()
@click.option("--number", default=40, show_default=True, help="How many recipes.")
def main(number: int) -> None:
    """Train that many recipes and print the worker's memory after each."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FMNIST_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        with closing(Store(Settings.from_environment().database_url)) as store:
            workers: set[str] = set()
            worker = subprocess.Popen(subprocesses.command("fmnist", "worker"), env=subprocesses.environment())
            try:
                peak = Peak(psutil.Process(worker.pid))
                for count, recipe in enumerate(recipes(number), 1):
                    started = time.monotonic()
                    run = store.submit(recipe, "page")
                    peak.look_while(partial(is_active, store, run.id))
                    took = time.monotonic() - started
                    click.echo(f"{count:4} {peak.look()}  {took:5.1f} s  {recipe.to_json()}")
                    workers |= names_of_workers(store)
                    if not count % MAPS:
                        store.jobs.request(run.id, "tsne")
                        peak.look_while(store.jobs.any_active)
                        click.echo(f" map {peak.look()}")
                peak.look_while(store.jobs.any_active)
                workers |= names_of_workers(store)
                click.echo(f"at the end {peak.look()}")
            finally:
                worker.terminate()
                worker.wait()
    allowed = MAX_BYTES / 1e6
    click.echo(f"at most {peak.megabytes:.0f} MB, {peak.threads} threads, {len(workers)} processes one after another")
    click.echo(f"allowed are {allowed:.0f} MB")
    sys.exit(peak.megabytes > allowed)


if __name__ == "__main__":
    main()
