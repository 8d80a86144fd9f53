"""Two scores of each of the ten classes, as a table with bars.

A table and no chart of Vega-Lite: a screen reader reads every number, and a browser draws it twenty milliseconds
sooner (docs/experiments/pages.md).
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from ui.i18n.names import class_names
from ui.i18n.text import _, percent

_STYLE = (Path(__file__).parent / "score_bars.css").read_text()

# CSS classes of the first and the second scores: blue and orange, distinct for color-blind readers.
STYLES = ("first", "second")


class ClassScores(NamedTuple):
    """A column of scores: its title, a value from 0 to 1 for each class (10,)."""

    title: str
    values: np.ndarray


def draw_score_bars(first: ClassScores, second: ClassScores, label: int, sentence: str) -> None:
    """Draw both scores of each class: the true class marked, `sentence` below."""
    heads = "".join(
        f'<th scope="col"><span class="{style}">■</span> {escape(scores.title)}</th>'
        for style, scores in zip(STYLES, (first, second), strict=True)
    )
    true = _("✓ true class")
    st.html(
        f'<style>{_STYLE}</style><table class="bars"><caption>{escape(sentence)}</caption>'
        f"<thead><tr><td>{escape(true)}</td>{heads}</tr></thead>"
        f"<tbody>{''.join(_rows(first, second, label))}</tbody></table>"
    )


def _rows(first: ClassScores, second: ClassScores, label: int) -> Iterator[str]:
    for number, name in enumerate(class_names()):
        values = float(first.values[number]), float(second.values[number])
        marks = "".join(map(_bar, values, STYLES))
        texts = [escape(percent(value, 2)) for value in values]
        yield (
            f'<tr><th scope="row">{"✓ " if number == label else ""}{escape(name)}</th>'
            f'<td><div class="scale"><div class="track">{marks}</div><span>{texts[0]}</span></div></td>'
            f"<td>{texts[1]}</td></tr>"
        )


def _bar(value: float, style: str) -> str:
    return f'<div class="bar {style}" style="width: {value:.2%}"></div>'
