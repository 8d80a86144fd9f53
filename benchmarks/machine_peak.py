"""Peak speed of this machine's multiplications, in TFLOP/s: python -m benchmarks.machine_peak."""

import json
import time
from collections.abc import Callable

# First: it sets how TensorFlow computes.
import fmnist.training  # noqa: F401

# isort: split
import tensorflow as tf

from fmnist.architecture import KERNEL, LAYERS
from fmnist.system import hardware

SIZE = 4096
BATCH = 256
REPEATS = 8


def fastest(act: Callable[[], tf.Tensor]) -> float:
    """Return the least seconds of some calls, after a warm-up call."""
    act()
    took = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act()[0].numpy()
        took.append(time.perf_counter() - started)
    return min(took)


def of_matrices(dtype: tf.DType) -> float:
    """Measure the product of two large square matrices."""
    matrix = tf.cast(tf.random.normal((SIZE, SIZE)), dtype)
    product = tf.function(lambda: tf.matmul(matrix, matrix))
    return 2 * SIZE**3 / fastest(product) / 1e12


def of_convolutions(dtype: tf.DType) -> float:
    """Measure the network's own convolutions, forward, one after the other."""
    operations, seconds = 0.0, 0.0
    for layer in LAYERS:
        if layer.kind == "convolution":
            images = tf.cast(tf.random.normal((BATCH, *layer.input_shape)), dtype)
            kernel = tf.cast(tf.random.normal((KERNEL, KERNEL, layer.input_shape[-1], layer.output_shape[-1])), dtype)
            seconds += fastest(
                tf.function(lambda images=images, kernel=kernel: tf.nn.conv2d(images, kernel, 1, "VALID"))
            )
            height, width, outputs = layer.output_shape
            operations += 2 * BATCH * height * width * outputs * KERNEL * KERNEL * layer.input_shape[-1]
    return operations / seconds / 1e12


if __name__ == "__main__":
    # A training gives each operation half of the cores; the machine's peak is that of all.
    tf.config.threading.set_intra_op_parallelism_threads(hardware.cores())
    peaks = {
        f"{what.__name__}_{dtype.name}": what(dtype)
        for dtype in (tf.float32, tf.bfloat16)
        for what in (of_matrices, of_convolutions)
    }
    print(json.dumps(peaks))
