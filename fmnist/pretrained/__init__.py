"""The included network with its run record, and its teachers' soft labels."""

from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
TEACHERS = FOLDER / "teachers.npz"


@cache
def soft_labels() -> np.ndarray:
    """Return the teachers' probabilities for the 60,000 training images, float32 (60,000, 10), read-only.

    Those of the first 55,000 are out-of-fold; no teacher was trained on the others, which are for validation.
    """
    with np.load(TEACHERS) as file:
        counts = file["probabilities"]
    probabilities = counts / counts.sum(axis=1, keepdims=True, dtype=np.float32)
    probabilities.setflags(write=False)
    return probabilities
