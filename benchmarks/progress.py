"""Cost of live progress for a training: python -m benchmarks.progress.

One training by Fast's settings, in a process like the worker's. Of the epochs without a frozen layer, every second one
reports its batches to a real store, as for a page; the others do not.
"""

import statistics
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.report import Figure, outputs, report
from fmnist.data.dataset import load_dataset
from fmnist.recipe import FAST
from fmnist.runs.heartbeat import WorkerHeartbeat
from fmnist.runs.presence import this_process
from fmnist.runs.store import Store
from fmnist.settings import Settings
from fmnist.types import Progress

if TYPE_CHECKING:
    from fmnist.training.learner import Learner

PAIRS = 5
# A quarter of Fast's images: epochs of one kind are compared with adjacent ones of the other.
IMAGES = 13_750


def epoch_seconds(folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of training of the epochs that were watched, and of those that were not."""
    from fmnist.training.loop import train, warm_up

    # The first of each kind finds everything cold.
    recipe = replace(FAST, epochs=4 * (1 + PAIRS), training_images=IMAGES)
    keep_every_second_silent(warm_up(recipe))
    dataset = load_dataset(Settings.from_environment())
    training, validation = dataset.train_validation_split(recipe)
    seconds: tuple[list[float], list[float]] = ([], [])
    with (
        closing(Store(f"sqlite:///{folder / 'runs.sqlite3'}")) as store,
        closing(WorkerHeartbeat(store, this_process("worker"), leave_with_servers=False)) as heartbeat,
    ):
        run = store.add(recipe, "terminal")
        store.claim(run.id, heartbeat.worker, {})

        def watched(progress: Progress) -> None:
            if progress.epoch % 4 == 2:
                heartbeat.report(progress)

        with heartbeat.tracking(lambda progress: store.record_progress(run.id, heartbeat.worker, progress)):
            for result in train(
                recipe, training, validation, dataset.test,
                epochs=recipe.epochs, on_progress=watched, should_stop=heartbeat.should_stop,
            ):  # fmt: skip
                if not result.metrics.epoch % 2:  # in the others the first layer is frozen
                    seconds[result.metrics.epoch % 4 == 0].append(result.metrics.seconds)
    return seconds[0][1:], seconds[1][1:]


def keep_every_second_silent(learner: "Learner") -> None:
    """Train every second of the epochs without a frozen layer by Keras's own step, which reports no batch."""
    import keras

    from fmnist.training.ghost_batch import GhostBatchModel
    from fmnist.training.learner import BATCHES_AT_ONCE

    class Silent(GhostBatchModel):
        train_step = keras.Model.train_step

    silent, model_for = Silent(learner.model.network), learner.model_for
    silent.compile(
        learner.model.optimizer, learner.model.loss, metrics=["accuracy"], steps_per_execution=BATCHES_AT_ONCE
    )

    def alternate(epoch: int) -> keras.Model:
        return silent if epoch % 4 == 0 else model_for(epoch)

    learner.model_for = alternate  # type: ignore[method-assign]  # of this learner one step alone is another


@click.command()
@outputs
def main(file: Path | None) -> None:
    """Measure the cost of live progress."""
    with tempfile.TemporaryDirectory() as folder:
        watched, alone = epoch_seconds(Path(folder))
    cost = statistics.median(watched) / statistics.median(alone) - 1
    figures = [
        Figure(f"an epoch of {IMAGES:,} images, watched, median of {PAIRS}", statistics.median(watched), "s"),
        Figure(f"the same, not watched, median of {PAIRS}", statistics.median(alone), "s"),
        Figure("what watching costs", 100 * cost, "%", 2),
    ]
    report("Live progress", figures, file)


if __name__ == "__main__":
    main()
