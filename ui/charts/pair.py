"""What two networks think of the ten classes."""

from typing import Any

import numpy as np
import streamlit as st

from ui.charts.vega import Rows, colours, config
from ui.text import _, percent
from ui.widgets import class_names

NETWORKS = ("A", "B")


def pair_bars(first: np.ndarray, second: np.ndarray, label: int, sentence: str, key: str) -> None:
    """Ten pairs of bars: the confidences (10,) of network A over those of B, the true class marked."""
    names = [f"✓ {name}" if number == label else name for number, name in enumerate(class_names())]
    rows: Rows = {"class": [], "network": [], "confidence": [], "text": []}
    for network, confidence in zip(NETWORKS, (first, second), strict=True):
        for name, value in zip(names, confidence.tolist(), strict=True):
            for column, cell in zip(rows, (name, network, value, f"{network} {percent(value)}"), strict=True):
                rows[column].append(cell)
    st.vega_lite_chart(rows, _spec(names), key=key, alt=sentence)
    st.caption(_("Above A, below B; ✓ true class"))


def _spec(names: list[str]) -> dict[str, Any]:
    blue, orange, text = colours()
    pairs = {"field": "network", "type": "nominal", "sort": NETWORKS}
    legend = {"orient": "top", "title": None, "symbolType": "square"}
    hues = {**pairs, "scale": {"domain": NETWORKS, "range": [blue, orange]}, "legend": legend}
    x = {
        "field": "confidence",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1.2], "nice": False},  # beyond 100% stand the numbers
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    y = {"field": "class", "type": "nominal", "title": None, "sort": names}
    y |= {"axis": {"labelLimit": 200, "labelFontSize": 13}, "scale": {"paddingInner": 0.25}}
    return {
        "height": 460,
        "config": config(),
        "encoding": {
            "y": y,
            "yOffset": pairs,
            "tooltip": [
                {"field": "network", "title": _("Network")},
                {"field": "class", "title": _("Class")},
                {"field": "confidence", "title": _("Confidence (softmax)"), "format": ".3%", "type": "quantitative"},
            ],
        },
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"x": x, "color": hues}},
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": text},
                "encoding": {"x": {"datum": 1.0}, "text": {"field": "text"}},
            },
        ],
    }
