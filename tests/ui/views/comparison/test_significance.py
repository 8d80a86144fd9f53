"""McNemar's test in plain words, in both languages."""

import pytest

from fmnist.analysis.significance import McNemar
from ui.views.comparison.significance import verdict


def sentence(only_first, only_second, p_value):
    text = verdict(McNemar(9_000, only_first, only_second, 500, p_value))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("p_value", "share", "written"),
    [
        (0.0499, "about 5 of 100", "p = 0.0499"),
        (0.0123, "about 1 of 100", "p = 0.0123"),
        (0.00987, "about 99 of 10,000", "p = 0.00987"),
        (0.0001, "about 1 of 10,000", "p = 0.000100"),
        (0.0000491, "fewer than 1 of 10,000", "p = 4.91 · 10⁻⁵"),
        (2.346e-84, "fewer than 1 of 10,000", "p = 2.35 · 10⁻⁸⁴"),
        (5e-324, "fewer than 1 of 10,000", "p < 10⁻³⁰⁰"),
        (0.0, "fewer than 1 of 10,000", "p < 10⁻³⁰⁰"),
    ],
)
def test_a_rare_difference_is_hardly_chance(speak, p_value, share, written):
    speak("en")

    assert sentence(20, 60, p_value) == (
        "**B is better, and the difference is significant:** between two equally good networks, a difference as large "
        f"as this or larger occurs in {share} such comparisons (McNemar's exact test, {written})."
    )


@pytest.mark.parametrize(
    ("p_value", "share", "written"),
    [
        (0.05, "about 5 of 100", "p = 0.0500"),
        (0.271, "about 27 of 100", "p = 0.271"),
        (1.0, "about 100 of 100", "p = 1.00"),
    ],
)
def test_a_common_difference_may_be_chance(speak, p_value, share, written):
    speak("en")

    assert sentence(31, 30, p_value).startswith("**A is ahead, but the difference is not significant:**")
    assert sentence(31, 30, p_value).endswith(f"in {share} such comparisons (McNemar's exact test, {written}).")


@pytest.mark.parametrize("each", [0, 7])
def test_an_equal_count_needs_no_test(speak, each):
    speak("en")

    assert sentence(each, each, 1.0).startswith("**Neither is better:**")


def test_it_is_written_in_spanish(speak):
    speak("es")

    assert sentence(60, 20, 2.344e-9).startswith("**A es mejor, y la diferencia es significativa:**")
    assert sentence(60, 20, 2.344e-9).endswith("(prueba exacta de McNemar, p = 2.34 · 10⁻⁹).")
    assert "cerca de 27 de cada 100 comparaciones" in sentence(31, 30, 0.271)
