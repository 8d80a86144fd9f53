"""Follow a run in the terminal: its epochs as lines, its progress as a bar."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from types import FrameType
from typing import TYPE_CHECKING, Self

import click
from click.exceptions import Exit

from fmnist.cli.data import fetch_files
from fmnist.cli.progress_bar import ProgressBar
from fmnist.cli.runs import summary
from fmnist.settings import Settings
from fmnist.system.duration import duration

if TYPE_CHECKING:
    from fmnist.runs.record import Run
    from fmnist.runs.store import Store
    from fmnist.types import EpochMetrics

# Seconds between reads of the store; a worker writes its progress twice a second.
POLL_SECONDS = 0.2
# A shell's exit code of a command that Ctrl-C ended.
INTERRUPTED = 130


class Interruption:
    """The presses of Ctrl-C: the first requests a stop, the second ends the command, neither within a transaction."""

    def __init__(self) -> None:
        self.presses = 0

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """Count a press of Ctrl-C."""
        self.presses += 1


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Count the presses of Ctrl-C within the context."""
    interrupted = Interruption()
    before = signal.signal(signal.SIGINT, interrupted.note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def follow(store: "Store", run_id: str, report: "Report", interrupted: Interruption) -> "Run":
    """Report the run's state until it has ended; request a stop, or raise Abort, when interrupted."""
    while True:
        run = store.run(run_id)
        report.show(run)
        if not run.active:
            return run
        if interrupted.presses > 1:
            raise click.Abort
        if interrupted.presses and not run.stop_requested:
            store.request_stop(run_id)
            report.message("Stopping; the network of the last finished epoch will be kept.")
        time.sleep(POLL_SECONDS)


def train_to_end(request: Callable[["Store"], "Run"], as_json: bool) -> None:
    """Request a training and follow it to its end."""
    with trained(request, as_json):
        pass


@contextmanager
def trained(
    request: Callable[["Store"], "Run"], as_json: bool
) -> Iterator[tuple["Store", "Run", "Report", Interruption]]:
    """Request a training and follow it to its end, from its next epoch; its worker may work on within the context.

    Raises ClickException when it failed, Exit when it ended without a finished epoch.
    """
    from fmnist.runs.store import Store
    from fmnist.runs.supervisor import WorkerSupervisor

    settings = Settings.from_environment()
    # Not only in the worker, so that the command reports missing data.
    fetch_files(settings)
    with interruption() as interrupted, closing(Store(settings.database_url)) as store:
        run = request(store)
        report = Report(as_json, settings.external_workers, epochs_shown=len(run.epochs))
        with WorkerSupervisor(settings, store, "command"), report:
            run = follow(store, run.id, report, interrupted)
            report.end(run)
            if run.status == "failed":
                raise click.ClickException(str(run.failure))
            if not run.epochs:
                raise Exit(INTERRUPTED)
            yield store, run, report, interrupted


class Report:
    """A run as lines: its epochs and its end on stdout, its queue position and its progress bar on stderr."""

    def __init__(self, as_json: bool, external_workers: bool, epochs_shown: int = 0) -> None:
        self._as_json = as_json
        self._external_workers = external_workers
        self._bar = ProgressBar()
        self._last_message = ""
        self._epochs_shown = epochs_shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bar.clear()

    def show(self, run: "Run") -> None:
        """Write the new epochs and the current progress."""
        for epoch in run.epochs[self._epochs_shown :]:
            self._bar.clear()
            click.echo(self._epoch(run, epoch))
        self._epochs_shown = len(run.epochs)
        progress = run.progress
        if run.status == "queued":
            self.message(self._waiting(run))
        elif progress and progress.epoch > len(run.epochs):
            left = duration(run.seconds_left or 0)
            text = f"{left} left  loss: {progress.loss:.4f} - accuracy: {progress.accuracy:.4f}"
            self._bar.show(f"Epoch {progress.epoch}/{run.target_epochs}", progress.batch, progress.batches, text)

    def message(self, text: str) -> None:
        """Write a message to stderr, unless it is the last one."""
        if text != self._last_message:
            self._bar.clear()
            click.echo(text, err=True)
            self._last_message = text

    def end(self, run: "Run") -> None:
        """Write the run's final status and accuracy."""
        from fmnist.runs.outcome import degenerate_warning

        self._bar.clear()
        if self._as_json:
            click.echo(json.dumps({"event": "end", **summary(run)}))
            return
        last = run.last_epoch
        if last is None:
            click.echo(f"Run {run.number} ({run.id}) {run.status} in its first epoch; no network is kept.")
            return
        if run.status != "succeeded":
            click.echo(
                f"The run {run.status}; the network of epoch {last.epoch} of {run.target_epochs} is kept. "
                f"`python -m fmnist resume {run.number}` goes on with it."
            )
        click.echo(
            f"Validation accuracy {last.val_accuracy:.4f}, test accuracy {last.test_accuracy:.4f}, "
            f"{duration(run.seconds)} of training: run {run.number} ({run.id})"
        )
        if warning := degenerate_warning(run, last.epoch):
            click.echo(str(warning))

    def _waiting(self, run: "Run") -> str:
        if run.failure:
            return str(run.failure)
        if run.queue_position:
            return f"Run {run.number} is queued; runs ahead of it: {run.queue_position}."
        if self._external_workers:
            return f"Run {run.number} waits for a worker; FMNIST_WORKERS is external, so none is started here."
        return f"Run {run.number} waits for a worker; a new one loads TensorFlow first, which takes some seconds."

    def _epoch(self, run: "Run", epoch: "EpochMetrics") -> str:
        if self._as_json:
            return json.dumps({"event": "epoch", "run": run.number, "id": run.id, **asdict(epoch)})
        return (
            f"Epoch {epoch.epoch}/{run.target_epochs}  {epoch.seconds:.0f}s  loss: {epoch.loss:.4f} - "
            f"accuracy: {epoch.accuracy:.4f} - val_loss: {epoch.val_loss:.4f} - val_accuracy: {epoch.val_accuracy:.4f}"
        )
