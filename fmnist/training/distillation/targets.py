"""Training targets: a distribution over the ten classes for every image."""

import numpy as np

from fmnist import pretrained
from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Recipe

# The share of each target that a training by Muon spreads over all classes (arXiv 1512.00567, section 7).
LABEL_SMOOTHING = 0.1
# The weight of the soft labels. At most half: the true class stays the most probable one, and the training accuracy,
# which compares predictions with targets, stays true.
DISTILLATION_WEIGHT = 0.5


def targets(recipe: Recipe, labels: np.ndarray) -> np.ndarray:
    """Return probabilities float32 (n, 10) for the first n training images, whose labels are uint8 (n,).

    With distillation they lie between the one-hot and the soft labels (Hinton et al., arXiv 1503.02531).
    """
    one_hot = np.eye(len(CLASS_NAMES), dtype=np.float32)[labels]
    if recipe.distillation:
        return one_hot + DISTILLATION_WEIGHT * (pretrained.soft_labels()[: len(labels)] - one_hot)
    if recipe.optimizer == "muon":
        return one_hot + np.float32(LABEL_SMOOTHING) * (1 / len(CLASS_NAMES) - one_hot)
    return one_hot
