"""What comes with the project: a trained network with its record, and what its teachers said."""

from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
TEACHERS = FOLDER / "teachers.npz"


@cache
def teachers_answers() -> np.ndarray:
    """What larger networks say of the 60,000 training images: probabilities, float32 (60,000, 10), read-only.

    Of each of the first 55,000 by a network that did not see it; of the others, on which recipes are chosen, none did.
    """
    with np.load(TEACHERS) as file:
        counts = file["answers"]
    answers = counts / counts.sum(axis=1, keepdims=True, dtype=np.float32)
    answers.setflags(write=False)
    return answers
