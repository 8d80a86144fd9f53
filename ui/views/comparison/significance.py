"""The difference of two networks on the test images, and its significance by McNemar's test."""

from math import floor, log10

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import predictions
from fmnist.analysis.significance import McNemar, mcnemar
from ui.i18n.text import _, fixed, number

# The usual significance level.
SIGNIFICANCE_LEVEL = 0.05
# A float below this power of ten loses digits; smaller p-values are written as "less than".
_SMALLEST_EXPONENT = -300
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def draw_significance(first_logits: np.ndarray, second_logits: np.ndarray, labels: np.ndarray) -> None:
    """Draw the counts of two networks, in words and as a table; logits (10,000, 10) each, labels (10,000,)."""
    test = mcnemar(predictions(first_logits) == labels, predictions(second_logits) == labels)
    st.markdown(verdict(test))
    st.markdown(_counts(test))
    st.table(
        {
            _("Test images"): [_("A right"), _("A wrong")],
            _("B right"): [number(test.both), number(test.only_second)],
            _("B wrong"): [number(test.only_first), number(test.neither)],
        },
        hide_index=True,
    )
    st.caption(
        _(
            "The test is about these two trained networks, not about their recipes: trained again with other seeds, "
            "the same recipes may come out differently."
        )
    )


def _counts(test: McNemar) -> str:
    return _(
        "A is right on **{first}** of the {count} test images, B on **{second}**. On {only_first} of them only A is "
        "right, on {only_second} only B.",
        first=number(test.both + test.only_first),
        second=number(test.both + test.only_second),
        count=number(test.both + test.only_first + test.only_second + test.neither),
        only_first=number(test.only_first),
        only_second=number(test.only_second),
    )


def verdict(test: McNemar) -> str:
    """Return the result of McNemar's test in plain words, with its p-value."""
    if test.only_first == test.only_second:
        return _("**Neither is better:** A alone is right on as many images as B alone.")
    values = {
        "better": "A" if test.only_first > test.only_second else "B",
        "share": _share(test.p_value),
        "p": _p_value(test.p_value),
    }
    if test.p_value < SIGNIFICANCE_LEVEL:
        return _(
            "**{better} is better, and the difference is significant:** between two equally good networks, a "
            "difference as large as this or larger occurs in {share} such comparisons (McNemar's exact test, {p}).",
            **values,
        )
    return _(
        "**{better} is ahead, but the difference is not significant:** between two equally good networks, a "
        "difference as large as this or larger occurs in {share} such comparisons (McNemar's exact test, {p}).",
        **values,
    )


def _share(p_value: float) -> str:
    for cases in (100, 10_000):
        if p_value * cases >= 1:
            return _("about {times} of {cases}", times=number(p_value * cases), cases=number(cases))
    return _("fewer than 1 of {cases}", cases=number(10_000))


def _p_value(p_value: float) -> str:
    """Return a p-value with three significant digits, and a power of ten where it is tiny."""
    exponent = floor(log10(p_value)) if p_value else _SMALLEST_EXPONENT - 1
    if exponent < _SMALLEST_EXPONENT:
        written = f"p < {_power_of_ten(_SMALLEST_EXPONENT)}"
    elif exponent < -4:
        written = f"p = {fixed(p_value / 10.0**exponent, 2)} · {_power_of_ten(exponent)}"
    else:
        written = f"p = {fixed(p_value, 2 - exponent)}"
    return written.replace(" ", "\N{NO-BREAK SPACE}")


def _power_of_ten(exponent: int) -> str:
    return "10" + str(exponent).translate(_SUPERSCRIPT)
