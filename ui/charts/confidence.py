"""What the network thinks of the ten classes."""

from typing import Any

import numpy as np
import streamlit as st

from ui.charts.vega import Rows, colours, config
from ui.text import _, percent
from ui.widgets import class_names


def confidence_bars(confidence: np.ndarray, scores: np.ndarray, label: int, key: str) -> None:
    """Ten bars of confidence (10,), the notebook's scores (10,) as diamonds, the true class marked."""
    predicted = int(confidence.argmax())
    names = class_names()
    rows: Rows = {
        "class": [f"✓ {name}" if number == label else name for number, name in enumerate(names)],
        "order": list(range(len(names))),
        "confidence": confidence.tolist(),
        "score": scores.tolist(),
        "text": [percent(value) for value in confidence],
        "predicted": [number == predicted for number in range(len(names))],
    }
    softmax, sigmoid = _("Confidence (softmax)"), _("Notebook's score (sigmoid)")
    spec = {
        "height": 340,
        # To the right of the bars stand the numbers, which are as wide on a phone.
        "padding": {"right": 20},
        "config": config(),
        "encoding": {
            "y": {
                "field": "class",
                "type": "nominal",
                "title": None,
                "sort": {"field": "order"},
                "axis": {"labelLimit": 200, "labelFontSize": 13},
            },
            "tooltip": [
                {"field": "class", "title": _("Class")},
                {"field": "confidence", "title": softmax, "format": ".3%", "type": "quantitative"},
                {"field": "score", "title": sigmoid, "format": ".3%", "type": "quantitative"},
            ],
        },
        "layer": _bar_layers(),
    }
    st.caption(f"■ {softmax}   ◇ {sigmoid}   " + _("✓ true class"))
    sentence = _bars_sentence(confidence, names)
    st.vega_lite_chart(rows, spec, key=key, alt=sentence)
    st.caption(sentence)


def _bar_layers() -> list[dict[str, Any]]:
    """Bars, diamonds and numbers; blue and orange stay apart for colour-blind eyes, and so do their shapes."""
    blue, orange, text = colours()
    fraction = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "labelFlush": False},
    }
    diamond = {"type": "point", "shape": "diamond", "size": 60, "filled": False, "strokeWidth": 2, "opacity": 1}
    return [
        {
            "mark": {"type": "bar", "height": 16, "color": blue},
            "encoding": {
                "x": {"field": "confidence", **fraction},
                "opacity": {"condition": {"test": "datum.predicted", "value": 1}, "value": 0.5},
            },
        },
        {"mark": {**diamond, "color": orange}, "encoding": {"x": {"field": "score", **fraction}}},
        {
            "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "color": text},
            "encoding": {"x": {"datum": 1.0}, "text": {"field": "text"}},
        },
    ]


def _bars_sentence(confidence: np.ndarray, names: list[str]) -> str:
    first, second = np.argsort(-confidence, kind="stable")[:2]
    return _(
        "Most confident: {first} with {first_confidence}, then {second} with {second_confidence}.",
        first=names[first],
        first_confidence=percent(confidence[first], 2),
        second=names[second],
        second_confidence=percent(confidence[second], 2),
    )
