"""The value of a widget on the page, which separates a person's choice from an echo of the browser."""

import time
from dataclasses import dataclass
from typing import Any

# A drawing reaches the browser within this time; no person sees it and chooses the old value again as quickly.
ECHO_SECONDS = 0.5


@dataclass(frozen=True)
class WidgetValue:
    """The value on a widget.

    `chosen`: a person chose it in the browser, which shows it already. `replaced`: the values before it that the
    browser may still send, each with the time of its replacement in seconds of the monotonic clock.
    """

    value: Any
    chosen: bool = False
    replaced: tuple[tuple[Any, float], ...] = ()

    def redrawn(self, value: Any) -> "WidgetValue":
        """Return the state after the next drawing; the old value is an echo until the drawing reaches the browser."""
        if value == self.value:
            return self
        now = time.monotonic()
        recent = tuple((old, replaced_at) for old, replaced_at in self.replaced if now < replaced_at + ECHO_SECONDS)
        return WidgetValue(value, replaced=(*recent, (self.value, now)))

    def is_echo(self, value: Any) -> bool:
        """Return whether the browser may send this value without a choice by a person."""
        now = time.monotonic()
        return value == self.value or any(
            value == old and now < replaced_at + ECHO_SECONDS for old, replaced_at in self.replaced
        )
