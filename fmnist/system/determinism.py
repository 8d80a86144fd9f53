"""Whether the same seed gives the same network: short trainings in fresh processes, and a hash of each network."""

import subprocess
from collections.abc import Callable
from dataclasses import replace

from fmnist.errors import FmnistError
from fmnist.recipe import Recipe
from fmnist.system import subprocesses

# Of one epoch: a training of seconds, most of which TensorFlow's import takes.
IMAGES = 5_000
# Enough to compare.
PROCESSES = 2
# How often it is asked whether to stop.
LOOK_SECONDS = 0.2


def shorten(recipe: Recipe) -> Recipe:
    """The recipe for one epoch of at most 5,000 images."""
    return replace(recipe, epochs=1, training_images=min(recipe.training_images, IMAGES))


def weight_hashes(
    recipe: Recipe, times: int, on_progress: Callable[[float], None], should_stop: Callable[[], bool]
) -> list[str]:
    """The SHA-256 of the weights, in hexadecimal, that a recipe gives in each of so many processes, one after another.

    `on_progress` hears the share that is done. Fewer when `should_stop` says so. Raises FmnistError with the words of a
    process that ends without a hash.
    """
    hashes: list[str] = []
    while len(hashes) < times:
        on_progress(len(hashes) / times)
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
                output, words = process.communicate(timeout=LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if should_stop():
                    process.kill()
                    return None
    if process.returncode:
        last = (words.strip().splitlines() or ["it said nothing"])[-1]
        raise FmnistError("The training in a process of its own ended with an error: {error}", error=last)
    return output.strip()
