"""Every visible string in the language of the tab, and numbers the way that language writes them."""

import gettext
import io
from datetime import datetime
from functools import cache
from pathlib import Path

import streamlit as st
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from fmnist.errors import FmnistError
from fmnist.runs.record import Failure
from ui.session import Language, session

LOCALES = Path(__file__).parent / "locales"


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """The translations, compiled in memory: the .po file is the only source."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (LOCALES / language / "fmnist.po").open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language() -> Language:
    """The language of the tab: the chosen one, else Spanish for a Spanish browser, else English."""
    chosen = session().language
    if chosen:
        return chosen
    return "es" if (st.context.locale or "").lower().startswith("es") else "en"


def _(message: str, **values: object) -> str:
    """A sentence in the tab's language, its {places} filled."""
    translated = _catalogue(language()).gettext(message)
    return translated.format(**values) if values else translated


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """The singular or the plural sentence, with {count} and the other places filled."""
    translated = _catalogue(language()).ngettext(singular, plural, count)
    return translated.format(count=number(count), **values)


# The places of a failure's sentence that hold a word of ours; the others hold what a person typed or a machine said.
OUR_WORDS = ("field", "split")


def explain(problem: FmnistError | Failure) -> str:
    """A failure's sentence in the tab's language."""
    values = {key: _(value) if key in OUR_WORDS else value for key, value in problem.values.items()}
    return _(problem.template).format(**values)


def number(value: float, digits: int = 0) -> str:
    """A decimal number: 1,875 or 1.875."""
    return format_decimal(round(value, digits), locale=language(), decimal_quantization=False)


def percent(fraction: float, digits: int = 1) -> str:
    """A fraction as per cent, always with so many digits: 90.6% or 90,6 %, which no line breaks."""
    pattern = "#,##0." + "0" * digits + ("%" if language() == "en" else "\N{NO-BREAK SPACE}%")
    return format_percent(fraction, pattern, locale=language())


def fixed(value: float, digits: int) -> str:
    """A number with exactly so many digits."""
    return format_decimal(value, "#,##0." + "0" * digits, locale=language())


def moment(when: datetime) -> str:
    """A date and time, to the minute, in this machine's zone."""
    return format_datetime(when.astimezone(), "short", locale=language(), tzinfo=when.astimezone().tzinfo)


def duration(seconds: float) -> str:
    """A time a person can plan with: 8 s, 2 min 40 s, 1 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return _("{seconds} s", seconds=whole)
    if whole < 3600:
        return _("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return _("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
