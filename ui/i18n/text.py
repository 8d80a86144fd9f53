"""Translation of the visible strings; numbers and dates in the formats of the tab's language."""

import gettext
import io
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from numbers import Number
from pathlib import Path
from typing import get_args

import streamlit as st
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from fmnist.data.dataset import SplitName
from fmnist.errors import FmnistError
from fmnist.recipe import LIMITS
from fmnist.runs.parse import PARTS
from fmnist.runs.record import Failure
from fmnist.system.duration import duration as in_words
from ui.state.fields import Language
from ui.state.session import session

LOCALES = Path(__file__).parent / "locales"
# The locales of numbers and dates: Spanish as in Mexico, 55,000 and 93.3%, as in charts, in Streamlit's own widgets
# and in the core.
_REGIONS: dict[Language, str] = {"en": "en_US", "es": "es_MX"}


@cache
def _translations(language: Language) -> gettext.NullTranslations:
    """Return the translations, compiled in memory: the .po file is the only source."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (LOCALES / language / "fmnist.po").open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language() -> Language:
    """Return the language of the tab: the chosen one, else Spanish for a Spanish browser, else English."""
    chosen = session().language
    if chosen:
        return chosen
    return "es" if (st.context.locale or "").lower().startswith("es") else "en"


def _(message: str, **values: object) -> str:
    """Return a message in the tab's language, its {placeholders} filled."""
    translated = _translations(language()).gettext(message)
    return translated.format(**values) if values else translated


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Return the singular or the plural message, with {count} and the other placeholders filled."""
    translated = _translations(language()).ngettext(singular, plural, count)
    return translated.format(count=number(count), **values)


# The placeholders of a failure's message with a word of the catalogue; the others hold text from a person or a machine.
TRANSLATED_PLACEHOLDERS = ("field", "part", "split")
_TRANSLATED_VALUES = {*LIMITS, *PARTS.values(), *get_args(SplitName)}


def literal(text: str) -> str:
    """Return a foreign text as literal Markdown: nothing in it becomes a link, a picture or a formula.

    Each line is code, except for a single word or number. Backslashes are not enough: Streamlit finds addresses, emoji
    and icons in an escaped text.
    """
    return "  \n".join(_code(line) for line in text.splitlines() if line.strip())


def _code(line: str) -> str:
    if re.fullmatch(r"[^\W_]+(-[^\W_]+)*|[\d.]*\d", line):
        return line
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"


@dataclass(frozen=True)
class _Foreign:
    """A foreign value, literal in any message."""

    value: object

    def __str__(self) -> str:
        return literal(str(self.value))

    def __repr__(self) -> str:
        return literal(repr(self.value))


def explain(problem: FmnistError | Failure) -> str:
    """Return a failure's message in the tab's language, as Markdown with foreign values as literal text."""
    values = {key: _trusted(key, value) for key, value in problem.values.items()}
    return _(problem.template).format(**values)


def plain(problem: FmnistError | Failure) -> str:
    """Return a failure's message in the tab's language, as text and not as Markdown."""
    values = {
        key: _(str(value)) if key in TRANSLATED_PLACEHOLDERS and value in _TRANSLATED_VALUES else value
        for key, value in problem.values.items()
    }
    return _(problem.template).format(**values)


def _trusted(key: str, value: object) -> object:
    if key in TRANSLATED_PLACEHOLDERS and isinstance(value, str):
        return _(value) if value in _TRANSLATED_VALUES else _Foreign(value)
    return value if isinstance(value, Number) else _Foreign(value)


def region() -> str:
    """Return the locale of numbers and dates."""
    return _REGIONS[language()]


def number(value: float, digits: int = 0) -> str:
    """Return a decimal number: 1,875."""
    return format_decimal(round(value, digits), locale=region(), decimal_quantization=False)


def percent(fraction: float, digits: int = 1) -> str:
    """Return a fraction as a percentage with exactly `digits` decimals: 90.6%."""
    return format_percent(fraction, f"#,##0.{'0' * digits}%", locale=region())


def fixed(value: float, digits: int) -> str:
    """Return a number with exactly `digits` decimals; with none from 1,000 on."""
    return format_decimal(value, f"#,##0.{'0' * digits}" if abs(value) < 1_000 else "#,##0", locale=region())


def moment(when: datetime) -> str:
    """Return a date and time, to the minute, in this machine's time zone."""
    return format_datetime(when.astimezone(), "short", locale=region(), tzinfo=when.astimezone().tzinfo)


def duration(seconds: float) -> str:
    """Return a duration in words: 8 s, 2 min 40 s, 1 h 5 min."""
    return in_words(seconds, _)


def rough_duration(seconds: float) -> str:
    """Return a duration in words, from two minutes on in whole minutes: 14 s, 1 min 30 s, 11 min."""
    minutes = round(seconds / 60)
    return _("{minutes} min").format(minutes=minutes) if 2 <= minutes < 60 else duration(seconds)
