"""Check of determinism: short trainings in fresh processes, and the SHA-256 of each network's weights."""

import subprocess
from collections.abc import Callable
from dataclasses import replace

from fmnist.errors import FmnistError
from fmnist.recipe import Recipe
from fmnist.system import subprocesses

# For one epoch: a training of seconds, most of which is TensorFlow's import.
IMAGES = 5_000
# The default number of trainings to compare.
PROCESSES = 2
# Seconds between calls of `should_stop`.
POLL_SECONDS = 0.2


def shorten(recipe: Recipe) -> Recipe:
    """Return the recipe for one epoch of at most 5,000 images."""
    return replace(recipe, epochs=1, training_images=min(recipe.training_images, IMAGES))


def weight_hashes(
    recipe: Recipe, processes: int, on_progress: Callable[[float], None], should_stop: Callable[[], bool]
) -> list[str]:
    """Train a recipe in fresh processes, one after another; return the weights' SHA-256 in hexadecimal.

    `on_progress` receives the finished share. Fewer when `should_stop` returns true. Raises FmnistError with the
    error message of a process that fails.
    """
    hashes: list[str] = []
    while len(hashes) < processes:
        on_progress(len(hashes) / processes)
        found = _weight_hash(recipe, should_stop)
        if found is None:
            return hashes
        hashes.append(found)
    on_progress(1.0)
    return hashes


def _weight_hash(recipe: Recipe, should_stop: Callable[[], bool]) -> str | None:
    with subprocess.Popen(
        subprocesses.command("fmnist.training.deterministic", recipe.to_json()),
        env=subprocesses.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while True:
            try:
                output, errors = process.communicate(timeout=POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if should_stop():
                    process.kill()
                    return None
    if process.returncode:
        last = (errors.strip().splitlines() or ["no output"])[-1]
        raise FmnistError("The training in a process of its own ended with an error: {error}", error=last)
    return output.strip()
