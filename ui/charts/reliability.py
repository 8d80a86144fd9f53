"""The reliability diagram: accuracy by bins of the confidence."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist.analysis.calibration import Reliability, reliability
from ui.charts.vega import Rows, colors
from ui.i18n.text import _, fixed, number, percent

# Distinct without their colors, too; the notebook's score is a diamond as among Predict's bars.
SHAPES = ("circle", "diamond", "triangle-up")


def reliability_chart(confidences: dict[str, np.ndarray], correct: np.ndarray, key: str) -> None:
    """Draw confidences (n,) by their names against correct (n,) bool, in 15 bins without the empty ones."""
    rows: Rows = {"kind": [], "stretch": [], "bin": [], "images": [], "size": [], "confidence": [], "accuracy": []}
    for kind, confidence in confidences.items():
        _add_bins(rows, kind, reliability(confidence, correct))
    sentence = " ".join(
        [
            _("The accuracy is {accuracy}.", accuracy=percent(correct.mean())),
            *(_average_sentence(kind, float(confidence.mean() - correct.mean()), float(confidence.mean()))
              for kind, confidence in confidences.items()),
        ]
    )  # fmt: skip
    st.vega_lite_chart(rows, _spec(list(confidences)), key=key, alt=sentence)
    st.caption(sentence)


def _add_bins(rows: Rows, kind: str, diagram: Reliability) -> None:
    for place in np.flatnonzero(diagram.count):
        least, most = diagram.edges[place], diagram.edges[place + 1]
        columns = (
            kind,
            # A line ends before an empty bin and starts anew after it.
            f"{kind} {np.count_nonzero(diagram.count[:place] == 0)}",
            f"{percent(least)} – {percent(most)}",
            number(diagram.count[place]),
            int(diagram.count[place]),
            float(diagram.confidence[place]),
            float(diagram.accuracy[place]),
        )
        for column, value in zip(rows, columns, strict=True):
            rows[column].append(value)


def _average_sentence(kind: str, excess: float, confidence: float) -> str:
    values = {"kind": kind, "confidence": percent(confidence), "points": fixed(abs(excess) * 100, 1)}
    if abs(excess) < 0.0005:
        return _("{kind}: {confidence} on average, equal to the accuracy.", **values)
    if excess > 0:
        return _("{kind}: {confidence} on average, {points} points too high.", **values)
    return _("{kind}: {confidence} on average, {points} points too low.", **values)


def _spec(kinds: list[str]) -> dict[str, Any]:
    axis = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    legend = {
        "orient": "top",
        "direction": "vertical",
        "title": None,
        "labelLimit": 0,
        "symbolSize": 100,
        "values": kinds,
    }
    # Always the first color and shape for the first kind and the second ones for the last.
    domain = [kinds[0], *kinds[:0:-1]]
    by_kind = {"field": "kind", "type": "nominal", "scale": {"domain": domain}, "legend": legend}
    diagonal = {"values": [{"confidence": 0, "accuracy": 0}, {"confidence": 1, "accuracy": 1}]}
    text = colors().text
    return {
        "height": 400,
        "layer": [
            {
                "data": diagonal,
                "mark": {"type": "line", "strokeDash": [6, 4], "strokeWidth": 1.5, "color": text, "opacity": 0.6},
                "encoding": {"x": {"field": "confidence", **axis}, "y": {"field": "accuracy", **axis}},
            },
            {
                "mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.5},
                "encoding": {
                    "x": {"field": "confidence", "title": _("Confidence"), **axis},
                    "y": {"field": "accuracy", "title": _("Accuracy"), **axis},
                    "color": by_kind,
                    "detail": {"field": "stretch"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "opacity": 0.9},
                "encoding": {
                    "x": {"field": "confidence", **axis},
                    "y": {"field": "accuracy", **axis},
                    "color": by_kind,
                    "shape": {**by_kind, "scale": {"domain": domain, "range": SHAPES[: len(kinds)]}},
                    # A bin with few images is small: its accuracy is uncertain.
                    "size": {
                        "field": "size",
                        "type": "quantitative",
                        "scale": {"type": "sqrt", "domain": [0, 10_000], "range": [20, 400]},
                        "legend": None,
                    },
                    "tooltip": [
                        {"field": "kind", "title": _("Kind")},
                        {"field": "bin", "title": _("Bin")},
                        {"field": "images", "title": _("Images")},
                        {"field": "confidence", "title": _("Confidence"), "format": ".1%", "type": "quantitative"},
                        {"field": "accuracy", "title": _("Accuracy"), "format": ".1%", "type": "quantitative"},
                    ],
                },
            },
        ],
    }
