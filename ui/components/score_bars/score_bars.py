"""Two scores of each of the ten classes, as a table with bars.

A table and no chart of Vega-Lite: a screen reader reads every number, and a browser draws it twenty milliseconds
sooner (docs/experiments/pages.md).
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
# CSS classes of the first and the second scores: blue and orange, distinct for color-blind readers.
STYLES = ("first", "second")


class ClassScores(NamedTuple):
    """A column of scores: its title, a value from 0 to 1 for each class (10,), the mark that draws them."""

    title: str
    values: np.ndarray
    mark: Mark


def draw_score_bars(
    first: ClassScores, second: ClassScores, label: int | None, sentence: str, predicted: int | None = None
) -> None:
    """Draw both scores of each class: the true class marked, the predicted one emphasized, `sentence` below."""
    heads = "".join(
        f'<th scope="col"><span class="{style}">{SIGNS[scores.mark]}</span> {escape(scores.title)}</th>'
        for style, scores in zip(STYLES, (first, second), strict=True)
    )
    true = "" if label is None else _("✓ true class")
    emphasis = "" if predicted is None else ' class="emphasis"'
    st.html(
        f'<style>{_STYLE}</style><table class="bars"><caption>{escape(sentence)}</caption>'
        f"<thead><tr><td>{escape(true)}</td>{heads}</tr></thead>"
        f"<tbody{emphasis}>{''.join(_rows(first, second, label, predicted))}</tbody></table>"
    )


def _rows(first: ClassScores, second: ClassScores, label: int | None, predicted: int | None) -> Iterator[str]:
    for number, name in enumerate(class_names()):
        values = float(first.values[number]), float(second.values[number])
        marks = "".join(map(_mark, values, (first.mark, second.mark), STYLES))
        texts = [escape(percent(value, 2)) for value in values]
        row_class = ' class="predicted"' if number == predicted else ""
        yield (
            f'<tr{row_class}><th scope="row">{"✓ " if number == label else ""}{escape(name)}</th>'
            f'<td><div class="scale"><div class="track">{marks}</div><span>{texts[0]}</span></div></td>'
            f"<td>{texts[1]}</td></tr>"
        )


def _mark(value: float, mark: Mark, style: str) -> str:
    side = "width" if mark == "bar" else "left"
    return f'<div class="{mark} {style}" style="{side}: {value:.2%}"></div>'
