"""The notebook as its student wrote it, in a process of its own: python -m benchmarks.students_notebook SEED.

Plain Keras: float64 images, `fit` with its defaults, the test images as validation data. The recipe Notebook trains the
same network on the same images by the project's own loop.
"""

import json
import resource
import sys
import time

import numpy as np

from fmnist.data.dataset import load_dataset
from fmnist.settings import Settings


def train(seed: int, epochs: int = 10) -> dict[str, object]:
    """Train: seconds without and with validation and the test accuracy by epoch, peak memory in MB, cores busy."""
    dataset = load_dataset(Settings.from_environment())
    train_images, test_images = (split.images[..., np.newaxis] / 255 for split in (dataset.train, dataset.test))
    started = time.perf_counter()
    import keras

    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(54, activation="relu"),
            # The notebook's sigmoid after this layer changes what is shown, not what is trained.
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    ready = time.perf_counter()
    used = time.process_time()
    ends: list[float] = []  # of training and of validation, by turns
    clock = keras.callbacks.LambdaCallback(
        on_test_begin=lambda logs: ends.append(time.perf_counter()),
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()),
    )
    history = network.fit(
        train_images, dataset.train.labels, epochs=epochs, validation_data=(test_images, dataset.test.labels),
        callbacks=[clock], verbose=0,
    )  # fmt: skip
    begins = [ready, *ends[1::2]]
    return {
        "epochs": [
            {"seconds": trained - begun, "wall": validated - ready, "test": test}
            for begun, trained, validated, test in zip(
                begins, ends[::2], ends[1::2], history.history["val_accuracy"], strict=False
            )
        ],
        "getting_ready": ready - started,
        "cores": (time.process_time() - used) / (ends[-1] - ready),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    print(json.dumps(train(int(sys.argv[1]))))
