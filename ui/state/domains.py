"""The values that a field of the session may have, and their text in the URL."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

from fmnist.data.dataset import SPLIT_SIZES, no_such_image
from fmnist.errors import InvalidInput, InvalidPicture
from fmnist.inference import preprocessing


class Domain(Protocol):
    """A set of values of one type: `True` is no number, and `1.0` no index."""

    def __contains__(self, value: object) -> bool:
        """Return whether the value is in the set; accepts any object."""

    def parse(self, name: str, text: str) -> Any:
        """Return the value of the URL parameter `name`. Raises FmnistError for a text of no value in the set."""


@dataclass(frozen=True)
class OneOf:
    """Some words."""

    options: tuple[str, ...]

    def __contains__(self, value: object) -> bool:
        return type(value) is str and value in self.options

    def parse(self, name: str, text: str) -> str:
        """Return the word."""
        if text not in self.options:
            raise InvalidInput(
                "The address contains {name}={value!r}; it can be {allowed}.",
                name=name,
                value=text[:40],
                allowed=", ".join(self.options),
            )
        return text


@dataclass(frozen=True)
class Whole:
    """The whole numbers from `least` to `most`."""

    least: int
    most: int

    def __contains__(self, value: object) -> bool:
        return type(value) is int and self.least <= value <= self.most

    def parse(self, name: str, text: str) -> int:
        """Return the number."""
        # Python refuses to read thousands of digits, and no limit here has more than ten.
        number = int(text) if text.isdecimal() and len(text) <= 10 else -1
        if number not in self:
            raise _out_of_range(name, text, self.least, self.most)
        return number


class Epoch(Whole):
    """The numbers of epochs; the epochs of one run are checked where its checkpoints are known."""

    def parse(self, name: str, text: str) -> int:
        """Return the number."""
        try:
            return super().parse(name, text)
        except InvalidInput as error:
            raise InvalidInput(
                "The address contains {name}={value!r}, which is no epoch; choose an epoch of the run.",
                name=name,
                value=text[:40],
            ) from error


class SampleIndex(Whole):
    """The indices of the larger split; the index within its own split is checked when both are read."""

    def parse(self, name: str, text: str) -> int:
        """Return the index, of any size."""
        if not text.isdecimal():
            raise no_such_image("test", text[:12], SPLIT_SIZES["test"])
        return int(text[:12])


class Fraction:
    """The numbers from 0 to 1; NaN is none of them."""

    def __contains__(self, value: object) -> bool:
        return type(value) is float and 0 <= value <= 1

    def parse(self, name: str, text: str) -> float:
        """Return the number, of at most three decimals."""
        if not re.fullmatch(r"0(\.\d{1,3})?|1(\.0{1,3})?", text):
            raise _out_of_range(name, text, 0, 1)
        return float(text)


class Text:
    """Any text."""

    def __contains__(self, value: object) -> bool:
        return type(value) is str

    def parse(self, name: str, text: str) -> str | None:
        """Return the text; None where it is empty."""
        return text or None


class Picture(Text):
    """The greys of a picture, as `fmnist.inference.preprocessing` writes them."""

    def __contains__(self, value: object) -> bool:
        """Return whether the text is a picture."""
        try:
            preprocessing.from_text(value if isinstance(value, str) else "")
        except InvalidPicture:
            return False
        return True

    def parse(self, name: str, text: str) -> str:
        """Return the text. Raises InvalidPicture."""
        preprocessing.from_text(text)
        return text


@dataclass(frozen=True)
class Several:
    """Tuples of at most `most` values of one domain."""

    each: Domain
    most: int

    def __contains__(self, value: object) -> bool:
        return type(value) is tuple and len(value) <= self.most and all(one in self.each for one in value)

    def parse(self, name: str, text: str) -> tuple[Any, ...]:
        """Return the values between the commas."""
        texts = text.split(",")
        if len(texts) > self.most:
            raise InvalidInput(
                "The address contains {count} runs to compare; choose {most} at most.", count=len(texts), most=self.most
            )
        return tuple(texts)


def index_among(sent: Any, count: int) -> int | None:
    """Return a client's value as an index below `count`; None where it is none."""
    return sent if sent in Whole(0, count - 1) else None


def _out_of_range(name: str, text: str, least: int, most: int) -> InvalidInput:
    return InvalidInput(
        "The address contains {name}={value!r}; choose a number from {least:,} to {most:,}.",
        name=name,
        value=text[:40],
        least=least,
        most=most,
    )
