"""The end of a worker whose store and server are gone: python -m testing.orphan.

A real server's worker trains; then the folder of the store is removed and the server killed. The exit code is 1 where
the worker stays, or makes the folder again.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import click
import psutil

from fmnist.recipe import Recipe
from fmnist.runs.store import Store
from fmnist.settings import Settings
from testing.serving import Server, wait_for

MAX_SECONDS = 60.0
# Longer than any test lasts.
ENDLESS = Recipe(epochs=200, training_images=5_000)


def worker_of(server: Server) -> psutil.Process:
    """Return the worker of a server, in the middle of a training."""
    os.environ["FMNIST_DATABASE_URL"] = server.database_url
    store = Store(Settings.from_environment().database_url)
    run = store.submit(ENDLESS, "page")
    wait_for(lambda: store.run(run.id).epochs, "the first epoch", 300)
    store.close()
    return server.workers()[0]


def main() -> None:
    """Remove a worker's store and server; print its memory and how long it stays."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "store"
        folder.mkdir()
        server = Server(folder)
        server.start()
        worker = worker_of(server)
        click.echo(f"the worker holds {worker.memory_info().rss / 1e6:.0f} MB in {worker.num_threads()} threads")
        shutil.rmtree(folder)
        os.kill(server.pid, signal.SIGKILL)
        began = time.monotonic()
        _, alive = psutil.wait_procs([worker], MAX_SECONDS)
        fate = "is still there" if alive else "ended"
        click.echo(f"{time.monotonic() - began:.1f} s after the server was killed it {fate}")
        for process in alive:
            process.kill()
        if folder.exists():
            click.echo("it has made the folder of its store again")
        sys.exit(bool(alive) or folder.exists())


if __name__ == "__main__":
    main()
