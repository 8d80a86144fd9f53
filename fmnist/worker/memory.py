"""The memory of a worker between two pieces of its work, and the limit at which a fresh process takes its place."""

import psutil

# What a worker may hold, whatever it is given.
MAX_BYTES = 1_200e6
# Measured by testing/many_recipes.py: a worker that is ready for every named recipe holds .85 GB; one more run takes
# at most .15 GB besides, a t-SNE map .24 GB.
LIMIT_BYTES = 950e6
# Where TensorFlow holds more than MAX_BYTES by itself, as with a GPU: the growth since the first piece of work.
GROWTH_BYTES = 100e6


class MemoryLimit:
    """The limit of this process. What it holds after its first piece of work tells what TensorFlow takes here."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._limit: float | None = None

    def exceeded(self) -> bool:
        """Return whether the process holds more than it may; asked after every piece of work."""
        held = self._process.memory_info().rss
        if self._limit is None:
            self._limit = LIMIT_BYTES if held < MAX_BYTES else held + GROWTH_BYTES
        return held > self._limit
