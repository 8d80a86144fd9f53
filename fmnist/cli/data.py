"""The command `data`, and the data set for the other commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from fmnist.cli.group import as_json
from fmnist.cli.progress_bar import ProgressBar
from fmnist.settings import Settings

if TYPE_CHECKING:
    from fmnist.data.dataset import Dataset
    from fmnist.data.routes import DownloadProgress


@click.command()
@as_json
def data(as_json: bool) -> None:
    """Fetch and check the data, and print where it is."""
    paths = fetch_files(Settings.from_environment())
    if as_json:
        click.echo(json.dumps({"files": {path.name: str(path) for path in paths}}))
        return
    click.echo("The four files of Fashion-MNIST are here, and each is the published one:")
    for path in paths:
        click.echo(f"  {path}  ({path.stat().st_size / 1e6:.1f} MB)")


def fetch_files(settings: Settings) -> list[Path]:
    """Return the paths of the four checked files, downloaded with a progress bar where missing.

    Raises DataUnavailable.
    """
    from fmnist.data.sources import FILES, load_file

    with ProgressBar() as bar:
        return [load_file(file, settings, _draw_on(bar)).path for file in FILES]


def fetch_dataset(settings: Settings) -> "Dataset":
    """Return the data set, downloaded with a progress bar where missing. Raises DataUnavailable."""
    from fmnist.data.dataset import load_dataset

    with ProgressBar() as bar:
        return load_dataset(settings, _draw_on(bar))


def _draw_on(bar: ProgressBar) -> Callable[["DownloadProgress"], None]:
    def draw(progress: "DownloadProgress") -> None:
        source = urlsplit(progress.route).hostname or progress.route
        megabytes = f"{progress.done / 1e6:.1f} MB from {source}"
        # A mirror without a content length gets a full bar, beside the growing number of megabytes.
        bar.show(f"Fetching {progress.file}", progress.done, progress.total or progress.done, megabytes)

    return draw
