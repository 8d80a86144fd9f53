"""What a widget shows, to tell a person's choice from what a browser sends of itself."""

import time
from dataclasses import dataclass
from typing import Any

# A drawing reaches a browser within that; nobody sees it and chooses what was there before as quickly.
ECHO_SECONDS = 0.3


@dataclass(frozen=True)
class Showing:
    """The value that a widget shows, and the one `before` it until `since` (seconds of the monotonic clock)."""

    value: Any
    before: Any
    since: float

    @classmethod
    def chosen(cls, value: Any) -> "Showing":
        """What a person chose, and the browser therefore shows already."""
        return cls(value, value, time.monotonic())

    def then(self, value: Any) -> "Showing":
        """What is drawn next; the browser goes on to send this one until the drawing has reached it."""
        return self if value == self.value else Showing(value, self.value, time.monotonic())

    def echoes(self, value: Any) -> bool:
        """Whether a browser may send this value without anybody's choice."""
        return value == self.value or (value == self.before and time.monotonic() < self.since + ECHO_SECONDS)
