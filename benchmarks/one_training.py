"""One training in a process of its own, for benchmarks.time_to_accuracy: python -m benchmarks.one_training fast 0."""

import json
import resource
import sys
import time
from dataclasses import replace

from fmnist.data.dataset import open_dataset
from fmnist.recipe import NAMED
from fmnist.settings import Settings


def train(name: str, seed: int) -> dict[str, object]:
    """Train a named recipe to its end: seconds and test accuracy by epoch, peak memory in MB, cores busy."""
    recipe = replace(NAMED[name], seed=seed)
    dataset = open_dataset(Settings.from_environment())
    started = time.perf_counter()
    from fmnist.training.loop import prepared
    from fmnist.training.loop import train as epochs_of

    prepared(recipe)
    ready = time.perf_counter()
    used = time.process_time()
    epochs = []
    training, validation = dataset.training(recipe)
    for result in epochs_of(
        recipe, training, validation, dataset.test, epochs=recipe.epochs,
        on_progress=lambda progress: None, should_stop=lambda: False,
    ):  # fmt: skip
        epochs.append(
            {
                "seconds": result.seconds,
                "wall": time.perf_counter() - ready,
                "validation": result.val_accuracy,
                "test": result.test_accuracy,
            }
        )
    return {
        "epochs": epochs,
        "getting_ready": ready - started,
        "cores": (time.process_time() - used) / epochs[-1]["wall"],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    print(json.dumps(train(sys.argv[1], int(sys.argv[2]))))
