"""What a widget shows, to tell a person's choice from what a browser sends of itself."""

import time
from dataclasses import dataclass
from typing import Any

# A drawing reaches a browser within that; nobody sees it and chooses what was there before as quickly.
ECHO_SECONDS = 0.5


@dataclass(frozen=True)
class Showing:
    """The value that a widget shows.

    `chosen` in the browser, which shows it without being told; or drawn, in place of what was `replaced`: values, and
    when each was (seconds of the monotonic clock).
    """

    value: Any
    chosen: bool = False
    replaced: tuple[tuple[Any, float], ...] = ()

    def then(self, value: Any) -> "Showing":
        """What is drawn next; the browser goes on to send this value until the drawing has reached it."""
        if value == self.value:
            return self
        now = time.monotonic()
        recent = tuple(each for each in self.replaced if now < each[1] + ECHO_SECONDS)
        return Showing(value, replaced=(*recent, (self.value, now)))

    def echoes(self, value: Any) -> bool:
        """Whether a browser may send this value without anybody's choice."""
        now = time.monotonic()
        return value == self.value or any(
            value == before and now < since + ECHO_SECONDS for before, since in self.replaced
        )
