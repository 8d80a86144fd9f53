"""One training in a process of its own, for other benchmarks: python -m benchmarks.one_training RECIPE.

RECIPE is JSON, as `Recipe.to_json` writes it.
"""

import json
import resource
import sys
import time

import numpy as np

from fmnist.analysis.metrics import accuracy
from fmnist.data.dataset import Split, load_dataset
from fmnist.recipe import Recipe
from fmnist.settings import Settings


def train(recipe: Recipe) -> dict[str, object]:
    """Train a recipe to its end: seconds and accuracies by epoch, peak memory in MB, cores busy.

    "flipped" are the validation and the test accuracy of the last network when the mean of its logits for an image
    and for the flipped image decides.
    """
    dataset = load_dataset(Settings.from_environment())
    started = time.perf_counter()
    from fmnist.training.loop import forward_pass, warm_up
    from fmnist.training.loop import train as epochs_of
    from fmnist.training.network import build

    warm_up(recipe)
    ready = time.perf_counter()
    used = time.process_time()
    epochs = []
    training, validation = dataset.train_validation_split(recipe)
    for result in epochs_of(
        recipe, training, validation, dataset.test, epochs=recipe.epochs,
        on_progress=lambda progress: None, should_stop=lambda: False,
    ):  # fmt: skip
        epochs.append(
            {
                "seconds": result.metrics.seconds,
                "wall": time.perf_counter() - ready,
                "validation": result.metrics.val_accuracy,
                "test": result.metrics.test_accuracy,
            }
        )
    cores = (time.process_time() - used) / epochs[-1]["wall"]
    logits_of = forward_pass(build(result.weights))

    def flipped(split: Split) -> float:
        views = (split.images, split.images[:, :, ::-1])
        return accuracy(np.mean([logits_of(view) for view in views], axis=0), split.labels)

    return {
        "epochs": epochs,
        "flipped": {"validation": flipped(validation), "test": flipped(dataset.test)},
        "getting_ready": ready - started,
        "cores": cores,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    print(json.dumps(train(Recipe.from_json(sys.argv[1]))))
