"""What a training aims at: for every image a distribution over the ten classes."""

import numpy as np

from fmnist import pretrained
from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Recipe

# The share of each target that Muon's trainings spread over all classes (arXiv 1512.00567, section 7).
SMOOTHING = 0.1
# The share that the teachers say. No more than half: the true class stays the likeliest, and the training accuracy,
# which compares with the targets, stays what it says.
TAUGHT = 0.5


def targets(recipe: Recipe, labels: np.ndarray) -> np.ndarray:
    """Probabilities float32 (n, 10) for the first n training images, whose labels are uint8 (n,).

    A distilled recipe aims between the true class and what larger networks say (Hinton et al., arXiv 1503.02531).
    """
    certain = np.eye(len(CLASS_NAMES), dtype=np.float32)[labels]
    if recipe.distillation:
        return certain + TAUGHT * (pretrained.teachers_answers()[: len(labels)] - certain)
    if recipe.optimizer == "muon":
        return certain + np.float32(SMOOTHING) * (1 / len(CLASS_NAMES) - certain)
    return certain
