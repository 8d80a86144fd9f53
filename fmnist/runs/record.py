"""What a run is: one training, from its request to its network."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from fmnist.errors import UnknownRun
from fmnist.recipe import Recipe
from fmnist.types import EpochMetrics, Progress

Status = Literal["queued", "running", "succeeded", "stopped", "failed"]
# "project": it came with the project, and stays.
Origin = Literal["page", "terminal", "project"]

# The 54 values of every image before the last layer; two maps of the test images made from them, along the directions
# in which they vary most and by t-SNE; whether the run's seed gives the same network twice.
ComputationName = Literal["embeddings", "pca", "tsne", "determinism"]
ComputationStatus = Literal["waiting", "running", "done", "failed"]

RUN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Failure:
    """Why a run failed, as a sentence that can be translated: `template.format(**values)`."""

    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True)
class Computation:
    """What is computed of a run's last network, but for its arrays; `progress` goes from 0 to 1."""

    name: ComputationName
    status: ComputationStatus
    progress: float
    failure: Failure | None


@dataclass(frozen=True)
class Run:
    """All that the store says of a run at one moment, but for its arrays."""

    id: str
    # Counts up over the whole store; what people call the run.
    number: int
    recipe: Recipe
    # How many epochs it shall have in the end; more than the recipe's after "more epochs".
    target_epochs: int
    status: Status
    origin: Origin
    created_at: datetime
    stop_requested: bool
    # How many runs are trained before this one; None unless queued.
    queue_position: int | None
    progress: Progress | None
    failure: Failure | None
    # Versions, processor and threads of the process that trained it last.
    environment: dict[str, Any]
    epochs: tuple[EpochMetrics, ...]
    # The finished epochs whose networks are in the store: all of them, but for the run that came with the project.
    kept: tuple[int, ...]

    @property
    def active(self) -> bool:
        """Whether it still waits or trains."""
        return self.status in ("queued", "running")

    @property
    def is_starting(self) -> bool:
        """Whether it is next, or begun and not heard of yet: with a ready trainer, for less than a second."""
        return self.active and not self.queue_position and self.progress is None

    @property
    def last_epoch(self) -> EpochMetrics | None:
        """The newest finished epoch."""
        return self.epochs[-1] if self.epochs else None

    @property
    def seconds(self) -> float:
        """Seconds of training in all finished epochs."""
        return sum(epoch.seconds for epoch in self.epochs)

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the last epoch's end at the present speed; None while nothing is known."""
        if self.progress is None:
            return None
        images = self.progress.batches * self.recipe.batch_size
        epoch_seconds = self.epochs[-1].seconds if self.epochs else images / max(self.progress.images_per_second, 1e-9)
        return self.progress.seconds_left_in_epoch + (self.target_epochs - self.progress.epoch) * epoch_seconds


def checked_id(run_id: str) -> str:
    """The id itself if it has the form of one. Raises UnknownRun otherwise."""
    if not RUN_ID.fullmatch(run_id):
        raise UnknownRun("{run_id!r} is not a run id; an id has 32 characters, each 0–9 or a–f.", run_id=run_id[:80])
    return run_id
