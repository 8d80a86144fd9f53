"""The epoch from which a training overfits."""

from collections.abc import Sequence

import numpy as np

# The validation loss rises clearly where it has risen by a twentieth, over three epochs that a lucky one does not undo.
RISE = 1.05
EPOCHS = 3


def overfits_from(val_losses: Sequence[float]) -> int | None:
    """Return the epoch, from 1, with the lowest validation loss, if the loss rises after it; else None.

    It rises where at least three epochs follow, and the mean of the last three is more than 5% higher.
    """
    losses = np.asarray(val_losses, float)
    if len(losses) <= EPOCHS or not np.isfinite(losses).all():
        return None
    lowest = int(losses.argmin())
    rises = len(losses) - 1 - lowest >= EPOCHS and losses[-EPOCHS:].mean() > RISE * losses[lowest]
    return lowest + 1 if rises else None
