"""The only code that imports TensorFlow."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Set before the import that reads them: the network is TensorFlow's whatever Keras is configured to use elsewhere,
# and TensorFlow's notes about its build and its devices tell a person who trains nothing.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# TensorFlow uses oneDNN by itself only where there is AVX-512 or AMX. With AVX2 alone an epoch of Fast takes 17 seconds
# by it and 25 without.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Let imports of these packages fail, as if they were not installed, unless they have been imported before."""
    absent = set(packages) - sys.modules.keys()
    # None makes an import fail: Python's reference, 5.3.1.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # typeshed knows of modules alone
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


# Keras and TensorFlow import them where they find them, for what nothing here uses. Without them the import takes a
# sixth less time, and every training 160 MB less.
with _hidden("matplotlib", "pandas", "scipy", "sklearn"):
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

from fmnist.training.ghost_batch import spread  # noqa: E402

spread()
