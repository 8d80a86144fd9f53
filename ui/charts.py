"""Arrays to charts: each draws, says its point in a sentence, and shows exact values on hover."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist.data.dataset import CLASS_NAMES
from fmnist.runs.record import Run
from ui.text import _, language, percent
from ui.widgets import class_name

# Names of columns; the person sees the translated titles.
Rows = dict[str, list[Any]]


def accuracy_chart(runs: list[Run], key: str) -> None:
    """Accuracy in training and in validation over the epochs, of one run or of several in one chart."""
    training, validation = _("on training images"), _("on validation images")
    rows: Rows = {"run": [], "curve": [], "epoch": [], "accuracy": []}
    for run in runs:
        for epoch in run.epochs:
            for curve, accuracy in ((training, epoch.accuracy), (validation, epoch.val_accuracy)):
                for column, value in zip(
                    rows, (_("Run {number}", number=run.number), curve, epoch.epoch, accuracy), strict=True
                ):
                    rows[column].append(value)
    spec = _curves_spec([validation, training], max(run.target_epochs for run in runs), len(runs) > 1, rows)
    sentence = " ".join(_accuracy_sentence(run) for run in runs)
    # Streamlit forgets a zoom at every new row, unless the zoom is a selection that it is asked for.
    st.vega_lite_chart(rows, spec, key=key, alt=sentence, on_select="rerun", selection_mode="zoom")
    hint = _("Scroll to zoom, drag to move, double-click to go back.")
    st.caption(f"{sentence} {hint}" if rows["epoch"] else sentence)


def _curves_spec(curve_names: list[str], last_epoch: int, several: bool, rows: Rows) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 2}
    legend["labelLimit"] = 0
    curves = {"field": "curve", "type": "nominal", "sort": curve_names, "legend": legend}
    of_runs = {"field": "run", "type": "nominal", "legend": legend}
    # An empty axis needs a domain; afterwards it follows the curves.
    accuracies = {"zero": False, "padding": 12} if rows["epoch"] else {"domain": [0, 1]}
    epochs = {"domain": [1, max(last_epoch, 2)], "padding": 12, "nice": False}
    return {
        "height": 320,
        "config": _config(),
        "params": [{"name": "zoom", "select": "interval", "bind": "scales"}],
        "mark": {"type": "line", "point": {"size": 50, "filled": True}, "clip": True},
        "encoding": {
            "x": {
                "field": "epoch",
                "type": "quantitative",
                "title": _("Epoch"),
                "scale": epochs,
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "y": {
                "field": "accuracy",
                "type": "quantitative",
                "title": _("Accuracy"),
                "scale": accuracies,
                "axis": {"format": ".0%"},
            },
            "color": of_runs if several else curves,
            "strokeDash": curves,
            "shape": {**curves, "legend": None},
            "tooltip": [
                {"field": "run", "title": _("Run")},
                {"field": "curve", "title": _("Accuracy")},
                {"field": "epoch", "title": _("Epoch")},
                {"field": "accuracy", "title": _("Value"), "format": ".2%", "type": "quantitative"},
            ],
        },
    }


def _accuracy_sentence(run: Run) -> str:
    if not run.epochs:
        return _("Run {number} has no finished epoch yet; each will add a point.", number=run.number)
    best = max(run.epochs, key=lambda epoch: epoch.val_accuracy)
    return _(
        "Run {number}: after epoch {epoch}, {validation} of the validation images and {training} of the training "
        "images are named correctly; the best validation epoch is {best}, with {accuracy}.",
        number=run.number,
        epoch=len(run.epochs),
        validation=percent(run.epochs[-1].val_accuracy),
        training=percent(run.epochs[-1].accuracy),
        best=best.epoch,
        accuracy=percent(best.val_accuracy),
    )


def confidence_bars(confidence: np.ndarray, scores: np.ndarray, label: int, key: str) -> None:
    """Ten bars of confidence (10,), the notebook's scores (10,) as diamonds, the true class marked."""
    predicted = int(confidence.argmax())
    names = [class_name(number) for number in range(len(CLASS_NAMES))]
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
        "config": _config(),
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
    dark = st.context.theme.type == "dark"
    blue, orange, text = ("#56b4e9", "#ff9d52", "#fafafa") if dark else ("#0072b2", "#d55e00", "#31333f")
    fraction = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1.12], "nice": False},  # beyond 100% stand the numbers
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
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
    first, second = np.argsort(confidence)[::-1][:2]
    return _(
        "Most confident: {first} with {first_confidence}, then {second} with {second_confidence}.",
        first=names[first],
        first_confidence=percent(confidence[first], 2),
        second=names[second],
        second_confidence=percent(confidence[second], 2),
    )


def _config() -> dict[str, Any]:
    if language() == "en":
        return {}
    return {"locale": {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " €"]}}}
