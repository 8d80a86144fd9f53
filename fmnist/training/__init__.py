"""The only code that imports TensorFlow."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Set before the import that reads them: the backend is TensorFlow whatever Keras's own configuration is, and
# TensorFlow's notes about its build and its devices are hidden.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# TensorFlow's default is oneDNN with AVX-512 or AMX alone. With AVX2 an epoch of Fast takes 17 seconds with oneDNN and
# 25 without.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Make imports of these packages fail as if they were not installed, unless they are already imported."""
    absent = set(packages) - sys.modules.keys()
    # None makes an import fail: Python's reference, 5.3.1.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # typeshed knows of modules alone
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


# Keras and TensorFlow import them where they are installed, for functions that are not used here. Without them the
# import takes a sixth less time, and every training 160 MB less.
with _hidden("matplotlib", "pandas", "scipy", "sklearn"):
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

from fmnist.training.ghost_batch import split_cores  # noqa: E402

split_cores()
