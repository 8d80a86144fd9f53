"""A map of images by what a network makes of them: t-SNE (van der Maaten and Hinton 2008), computed by openTSNE."""

from collections.abc import Callable

import numpy as np
from openTSNE import TSNE

EXAGGERATED_ITERATIONS = 250
ITERATIONS = 500
# How often it is told how far it is, and asked whether to stop: several times a second.
ITERATIONS_A_REPORT = 10


def tsne_map(
    embeddings: np.ndarray, on_progress: Callable[[float], None], should_stop: Callable[[], bool]
) -> np.ndarray | None:
    """Points float32 (n, 2) at which images with similar embeddings (n, 54) lie close together; 20 seconds for 10,000.

    The same embeddings give the same points. `on_progress` hears the share that is done. None when `should_stop` says
    so.
    """
    if not np.ptp(embeddings, axis=0).any():  # a network whose values are all 0: every image lies in one place
        return np.zeros((len(embeddings), 2), np.float32)
    total, done, stopped = EXAGGERATED_ITERATIONS + ITERATIONS, 0, False

    def look(_iteration: int, _divergence: float, _points: np.ndarray) -> bool:
        nonlocal done, stopped
        done += ITERATIONS_A_REPORT
        on_progress(done / total)
        stopped = should_stop()
        return stopped

    tsne = TSNE(
        early_exaggeration_iter=EXAGGERATED_ITERATIONS,
        n_iter=ITERATIONS,
        # One thread: with more, the sums differ in their last digits, and the maps a little.
        n_jobs=1,
        random_state=0,
        callbacks=look,
        callbacks_every_iters=ITERATIONS_A_REPORT,
    )
    points = tsne.fit(embeddings.astype(np.float32))
    return None if stopped else np.asarray(points, np.float32)
