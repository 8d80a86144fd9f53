"""Cost of live progress for a training: python -m benchmarks.progress.

One training by Fast's settings, in a process like the worker's, of many short epochs. By turns one reports its batches
and its snapshots to a real store, as for a page, and one does not. A machine's speed changes more than the cost, so it
is the median of adjacent epochs' differences, with the standard error of that.
"""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.report import Figure, outputs, report
from fmnist.data.dataset import load_dataset
from fmnist.recipe import FAST
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.types import Progress
from fmnist.worker.reporter import WorkerReporter

if TYPE_CHECKING:
    from fmnist.training.learner import Learner

PAIRS = 40
# A quarter of Fast's images: adjacent epochs find the machine at the same speed.
IMAGES = 13_750


def is_watched(epoch: int) -> bool:
    """Whether the epoch, counted from 1, reports: of every pair one, by turns the first and the second."""
    return epoch % 4 in (1, 0)


def epoch_seconds(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Seconds of training of the epochs that were watched, and of those that were not, by pair."""
    from fmnist.training.loop import train, warm_up

    # The first pair finds everything cold.
    recipe = replace(FAST, epochs=2 * (1 + PAIRS), training_images=IMAGES)
    silence_unwatched_epochs(warm_up(recipe))
    take_snapshots_of_watched_epochs()
    dataset = load_dataset(Settings.from_environment())
    training, validation = dataset.train_validation_split(recipe)
    seconds: tuple[list[float], list[float]] = ([], [])
    with (
        closing(Store(f"sqlite:///{folder / 'runs.sqlite3'}")) as store,
        closing(WorkerReporter(store, leave_with_servers=False)) as reporter,
    ):
        run = store.submit(recipe, "terminal")
        claim = store.jobs.claim(reporter.worker, {})
        assert claim and claim.run == run.id
        with reporter.tracking(claim) as job:

            def watched(progress: Progress) -> None:
                if is_watched(progress.epoch):
                    job.report(progress)

            for result in train(
                recipe, training, validation, dataset.test,
                epochs=recipe.epochs, on_progress=watched, should_stop=job.should_stop,
                on_snapshot=job.report_snapshot,
            ):  # fmt: skip
                seconds[not is_watched(result.metrics.epoch)].append(result.metrics.seconds)
    return np.array(seconds[0][1:]), np.array(seconds[1][1:])


def silence_unwatched_epochs(learner: "Learner") -> None:
    """Train the epochs that are not watched by Keras's own step, which reports no batch; freeze no layer."""
    import keras

    from fmnist.training.compiled_metrics import compiled_metrics
    from fmnist.training.ghost_batch import GhostBatchModel
    from fmnist.training.learner import BATCHES_AT_ONCE

    class Silent(GhostBatchModel):
        train_step = keras.Model.train_step

    silent = Silent(learner.model.network)
    silent.compile(
        learner.model.optimizer, learner.model.loss, metrics=compiled_metrics(), steps_per_execution=BATCHES_AT_ONCE
    )
    # Of this learner one step alone is another.
    learner.model_for = lambda epoch: learner.model if is_watched(epoch) else silent  # type: ignore[method-assign]


def take_snapshots_of_watched_epochs() -> None:
    """Take no snapshot in the epochs that are not watched: their seconds do not count, either."""
    from fmnist.training import loop

    class OfWatchedEpochs(loop.SnapshotCallback):
        watched = 0.0

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.seconds = self.watched
            super().on_epoch_begin(epoch, logs)

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            if is_watched(self._epoch + 1):
                super().on_train_batch_end(batch, logs)

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            if is_watched(epoch + 1):
                super().on_epoch_end(epoch, logs)
                self.watched = self._trained()

    loop.SnapshotCallback = OfWatchedEpochs  # type: ignore[misc]  # of this process alone


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the cost of live progress."""
    with tempfile.TemporaryDirectory() as folder:
        watched, alone = epoch_seconds(Path(folder))
    costs = 100 * (watched / alone - 1)
    # By quartiles, which outliers do not move.
    low, high = np.percentile(costs, [25, 75])
    deviation = float(high - low) / 1.349
    # Of a median: 1.2533 times that of a mean.
    error = 1.2533 * deviation / float(np.sqrt(len(costs)))
    figures = [
        Figure(f"an epoch of {IMAGES:,} images, watched, median of {PAIRS}", float(np.median(watched)), "s"),
        Figure(f"the same, not watched, median of {PAIRS}", float(np.median(alone)), "s"),
        Figure("standard error of the cost", error, "%"),
        Figure("the machine's noise: standard deviation of a pair", deviation, "%"),
        Figure("what watching costs: at most 2 %, or the noise", float(np.median(costs)), "%", max(2, deviation)),
    ]
    report("Live progress", figures, file)


if __name__ == "__main__":
    main()
