"""The limit of a worker's memory between two tasks, at which a fresh process replaces it."""

import psutil

# The promised maximum of a worker's memory.
MAX_BYTES = 1_200e6
# Measured by testing/many_recipes.py: a worker with every named recipe traced takes .85 GB; a run adds at most .15 GB,
# a t-SNE map .24 GB.
LIMIT_BYTES = 950e6
# Where TensorFlow alone takes more than MAX_BYTES, as with a GPU: the growth since the first task.
GROWTH_BYTES = 100e6


class MemoryLimit:
    """The limit of this process, from its memory after the first task."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._limit: float | None = None

    def exceeded(self) -> bool:
        """Return true where the process takes more than its limit; call it after every task."""
        held = self._process.memory_info().rss
        if self._limit is None:
            self._limit = LIMIT_BYTES if held < MAX_BYTES else held + GROWTH_BYTES
        return held > self._limit
