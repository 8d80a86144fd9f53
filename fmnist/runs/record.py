"""Runs: a run is one training, from its submission to its network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from fmnist.errors import UnknownRun
from fmnist.recipe import Recipe
from fmnist.types import EpochMetrics, Progress

Status = Literal["queued", "running", "succeeded", "stopped", "failed"]
# "project": it came with the project, and stays.
Origin = Literal["page", "terminal", "project"]

# The training; the 54 values of every image before the last layer; two maps of the test images made from them, by
# principal components and by t-SNE; the check that the run's seed gives the same network twice.
JobName = Literal["training", "embeddings", "pca", "tsne", "determinism"]
# Why a job ends early: a person stops it, or a training has priority.
Interrupt = Literal["stop", "yield"]

# The number of the run that came with the project; submitted runs are counted from 1.
INCLUDED = 0

RUN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Failure:
    """The reason of a failure as a translatable sentence: `template.format(**values)`."""

    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True)
class Job:
    """An analysis of a run's last network, without its result; `progress` goes from 0 to 1."""

    name: JobName
    status: Status
    progress: float
    failure: Failure | None

    @property
    def active(self) -> bool:
        """Return whether the job is queued or running."""
        return self.status in ("queued", "running")


@dataclass(frozen=True)
class Claim:
    """A job that a worker runs. Every write for it names all three, so that no other worker's is overwritten."""

    run: str
    name: JobName
    worker: str


@dataclass(frozen=True)
class Run:
    """A run as the store has it at one moment, without its arrays."""

    id: str
    # Counts up over the whole store; the run's name on pages.
    number: int
    recipe: Recipe
    # The number of epochs to train in all; more than the recipe's after `extend`.
    target_epochs: int
    status: Status
    origin: Origin
    created_at: datetime
    stop_requested: bool
    # The number of runs trained before this one; None unless queued.
    queue_position: int | None
    progress: Progress | None
    failure: Failure | None
    # Versions, processor and threads of the process that trained it last.
    environment: dict[str, Any]
    epochs: tuple[EpochMetrics, ...]
    # The finished epochs whose networks are in the store: all of them, but for the run that came with the project.
    kept: tuple[int, ...]
    # By the first epoch of each stretch: its constant learning rate, where `extend` named one.
    learning_rates: Mapping[int, float] = field(default_factory=dict)

    def learning_rate_at(self, epoch: int) -> float | None:
        """Return the constant learning rate of an epoch; None where the recipe's applies."""
        begun = [first for first in self.learning_rates if first <= epoch]
        return self.learning_rates[max(begun)] if begun else None

    @property
    def active(self) -> bool:
        """Return whether the run is queued or running."""
        return self.status in ("queued", "running")

    @property
    def is_starting(self) -> bool:
        """Return whether it is next, or running without progress yet: less than a second with a ready worker."""
        return self.active and not self.queue_position and self.progress is None

    @property
    def last_epoch(self) -> EpochMetrics | None:
        """Return the newest finished epoch."""
        return self.epochs[-1] if self.epochs else None

    @property
    def seconds(self) -> float:
        """Return the seconds of training in all finished epochs."""
        return sum(epoch.seconds for epoch in self.epochs)

    @property
    def seconds_left(self) -> float | None:
        """Return the seconds to the end of the last epoch at the present speed; None before any progress."""
        if self.progress is None:
            return None
        images = self.progress.batches * self.recipe.batch_size
        epoch_seconds = self.epochs[-1].seconds if self.epochs else images / max(self.progress.images_per_second, 1e-9)
        return self.progress.seconds_left_in_epoch + (self.target_epochs - self.progress.epoch) * epoch_seconds


def checked_id(run_id: str) -> str:
    """Return the id. Raises UnknownRun unless it has the form of one."""
    if not RUN_ID.fullmatch(run_id):
        raise UnknownRun("{run_id!r} is not a run id; an id has 32 characters, each 0–9 or a–f.", run_id=run_id[:80])
    return run_id
