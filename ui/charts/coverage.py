"""The risk–coverage curve: coverage and accuracy of the predictions above a confidence threshold."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist.analysis.calibration import coverage_at, risk_coverage
from ui.charts.vega import Rows, colors
from ui.i18n.text import _, number, percent


def coverage_chart(confidence: np.ndarray, correct: np.ndarray, threshold: float, key: str) -> str:
    """Draw accuracy over coverage for confidence (n,) and correct (n,) bool, the point of `threshold` marked.

    Return the sentence that describes the point; the caller draws it.
    """
    count, right = coverage_at(confidence, correct, threshold)
    sentence = _sentence(count, right, len(correct), threshold)
    rows = _curve(confidence, correct)
    point = [{"share": count / len(correct), "accuracy": right / count}] if count else []
    st.vega_lite_chart(rows, _spec(point, min(rows["accuracy"])), key=key, alt=sentence)
    return sentence


def _sentence(count: int, right: int, images: int, threshold: float) -> str:
    if not count:
        return _("None of the {images} predictions has such a confidence.", images=number(images))
    return _(
        "At a confidence of {above} or more: {count} of {images} images answered, {right} of the answers right.",
        above=percent(threshold, 0),
        count=number(count),
        images=number(images),
        right=percent(right / count),
    )


def _curve(confidence: np.ndarray, correct: np.ndarray) -> Rows:
    """Return a point for each hundredth of the images and for each step of the slider."""
    curve = risk_coverage(confidence, correct)
    by_share = np.searchsorted(curve.covered, np.linspace(0.01, 1, 100) * len(correct) - 0.5)
    # The last threshold that is not below the step; -1 where no prediction is so confident.
    by_step = np.searchsorted(-curve.threshold, -np.linspace(0, 1, 101), "right") - 1
    points = np.unique([*by_share, *by_step[by_step >= 0]])
    return {
        "threshold": curve.threshold[points].tolist(),
        "images": [number(count) for count in curve.covered[points]],
        "share": (curve.covered[points] / len(correct)).tolist(),
        "accuracy": (curve.correct[points] / curve.covered[points]).tolist(),
    }


def _spec(point: list[dict[str, float]], lowest: float) -> dict[str, Any]:
    blue, orange, _text = colors()
    x: dict[str, Any] = {"field": "share", "type": "quantitative", "title": _("Coverage: share of the images answered")}
    x |= {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    y: dict[str, Any] = {"field": "accuracy", "type": "quantitative", "title": _("Accuracy of the answers")}
    y |= {"scale": {"domain": [lowest, 1], "padding": 12}, "axis": {"format": "%"}}
    hover = [
        {"field": "threshold", "title": _("Threshold"), "format": ".1%", "type": "quantitative"},
        {"field": "images", "title": _("Images answered")},
        {"field": "accuracy", "title": _("Accuracy"), "format": ".2%", "type": "quantitative"},
    ]
    return {
        "height": 320,
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "color": blue}},
            # Wide and transparent: a target for the mouse on the line.
            {"mark": {"type": "point", "size": 200, "opacity": 0}, "encoding": {"tooltip": hover}},
            {
                "data": {"values": point},
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "size": 220,
                    "filled": True,
                    "color": orange,
                    "opacity": 1,
                },
            },
        ],
    }
