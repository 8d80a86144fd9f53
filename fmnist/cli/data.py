"""The command that brings the data, and what the other commands need of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from fmnist.cli.group import as_json
from fmnist.cli.progress_bar import Bar
from fmnist.settings import Settings

if TYPE_CHECKING:
    from fmnist.data.dataset import Dataset
    from fmnist.data.routes import DownloadProgress


@click.command()
@as_json
def data(as_json: bool) -> None:
    """Fetch and check the data, and say where it is."""
    paths = located_files(Settings.from_environment())
    if as_json:
        click.echo(json.dumps({"files": {path.name: str(path) for path in paths}}))
        return
    click.echo("The four files of Fashion-MNIST are here, and each is the published one:")
    for path in paths:
        click.echo(f"  {path}  ({path.stat().st_size / 1e6:.1f} MB)")


def located_files(settings: Settings) -> list[Path]:
    """Where the four files are, each checked; fetched under a progress bar if need be. Raises DataUnavailable."""
    from fmnist.data.sources import FILES, obtain

    with Bar() as bar:
        return [obtain(file, settings, _drawn_on(bar)).path for file in FILES]


def opened_dataset(settings: Settings) -> "Dataset":
    """The data set, fetched under a progress bar where it is not on this machine. Raises DataUnavailable."""
    from fmnist.data.dataset import open_dataset

    with Bar() as bar:
        return open_dataset(settings, _drawn_on(bar))


def _drawn_on(bar: Bar) -> Callable[["DownloadProgress"], None]:
    def draw(progress: "DownloadProgress") -> None:
        source = urlsplit(progress.route).hostname or progress.route
        megabytes = f"{progress.done / 1e6:.1f} MB from {source}"
        # A mirror that does not say how much there is gets a full bar; the megabytes count.
        bar.show(f"Fetching {progress.file}", progress.done, progress.total or progress.done, megabytes)

    return draw
