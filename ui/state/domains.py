"""The values that a field of the session may have, whatever an address or a client sends."""

from dataclasses import dataclass
from typing import Any, Protocol


class Domain(Protocol):
    """A set of values of one type: `True` is no number, and `1.0` no index."""

    def __contains__(self, value: object) -> bool:
        """Whether the value is one of them; any object may be tested."""


@dataclass(frozen=True)
class OneOf:
    """Some words."""

    options: tuple[str, ...]

    def __contains__(self, value: object) -> bool:
        return type(value) is str and value in self.options


@dataclass(frozen=True)
class Whole:
    """The whole numbers from `least` to `most`."""

    least: int
    most: int

    def __contains__(self, value: object) -> bool:
        return type(value) is int and self.least <= value <= self.most


class Fraction:
    """The numbers from 0 to 1; NaN is none of them."""

    def __contains__(self, value: object) -> bool:
        return type(value) is float and 0 <= value <= 1


class Text:
    """Any text; whether there is something of that name is decided where it is looked up."""

    def __contains__(self, value: object) -> bool:
        return type(value) is str


@dataclass(frozen=True)
class Several:
    """Tuples of at most so many values of one domain."""

    each: Domain
    most: int

    def __contains__(self, value: object) -> bool:
        return type(value) is tuple and len(value) <= self.most and all(one in self.each for one in value)


def index_among(sent: Any, count: int) -> int | None:
    """What a client sent as an index among so many; None where it is none."""
    return sent if sent in Whole(0, count - 1) else None
