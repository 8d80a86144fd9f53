"""Two numbers of each of the ten classes, as a table with bars in it.

A table and no chart of Vega-Lite: every number can be read, by whoever cannot see, too, and a browser draws it twenty
milliseconds sooner (docs/experiments/pages.md).
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import streamlit as st

from ui.i18n.names import class_names
from ui.i18n.text import _, percent

_STYLE = (Path(__file__).parent / "score_bars.css").read_text()

Mark = Literal["bar", "diamond"]
SIGNS: dict[Mark, str] = {"bar": "■", "diamond": "◇"}
# What the first numbers and the second ones are to the style: blue and orange, which stay apart for colour-blind eyes.
PLACES = ("first", "second")


class Numbers(NamedTuple):
    """What they are called, one for each class (10,) from 0 to 1, and how they are drawn."""

    title: str
    values: np.ndarray
    mark: Mark


def draw_bars(first: Numbers, second: Numbers, label: int | None, sentence: str, said: int | None = None) -> None:
    """Draw both numbers of each class, the true one marked, the one that is `said` stressed; below, what they tell."""
    heads = "".join(
        f'<th scope="col"><span class="{place}">{SIGNS[numbers.mark]}</span> {escape(numbers.title)}</th>'
        for place, numbers in zip(PLACES, (first, second), strict=True)
    )
    true = "" if label is None else _("✓ true class")
    stressing = "" if said is None else ' class="stressing"'
    st.html(
        f'<style>{_STYLE}</style><table class="bars"><caption>{escape(sentence)}</caption>'
        f"<thead><tr><td>{escape(true)}</td>{heads}</tr></thead>"
        f"<tbody{stressing}>{''.join(_rows(first, second, label, said))}</tbody></table>"
    )


def _rows(first: Numbers, second: Numbers, label: int | None, said: int | None) -> Iterator[str]:
    for number, name in enumerate(class_names()):
        values = float(first.values[number]), float(second.values[number])
        marks = "".join(map(_mark, values, (first.mark, second.mark), PLACES))
        texts = [escape(percent(value, 2)) for value in values]
        stressed = ' class="said"' if number == said else ""
        yield (
            f'<tr{stressed}><th scope="row">{"✓ " if number == label else ""}{escape(name)}</th>'
            f'<td><div class="scale"><div class="track">{marks}</div><span>{texts[0]}</span></div></td>'
            f"<td>{texts[1]}</td></tr>"
        )


def _mark(value: float, mark: Mark, place: str) -> str:
    side = "width" if mark == "bar" else "left"
    return f'<div class="{mark} {place}" style="{side}: {value:.2%}"></div>'
