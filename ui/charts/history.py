"""The predicted probabilities of the ten classes after each epoch."""

from typing import Any

import numpy as np
import streamlit as st

from ui.charts.vega import Rows, colors, epoch_axis
from ui.i18n.names import class_names
from ui.i18n.text import _

# The number of classes, besides the true one, with a color of their own: the most probable ones.
RUNNERS_UP = 3


def history_lines(
    probabilities: np.ndarray, epochs: tuple[int, ...], label: int, chosen: int, last: int, sentence: str, key: str
) -> None:
    """Draw ten lines of probabilities (n, 10) after n epochs: the true class and the runners-up in color.

    A point marks the predicted class, a vertical rule the `chosen` epoch. The axis ends at the `last` epoch to come.
    """
    names = [f"✓ {name}" if number == label else name for number, name in enumerate(class_names())]
    runners_up = [number for number in np.argsort(-probabilities.max(axis=0), kind="stable") if number != label][
        :RUNNERS_UP
    ]
    predicted = probabilities.argmax(axis=1)
    rows: Rows = {"epoch": [], "class": [], "probability": [], "kind": [], "predicted": [], "chosen": []}
    for epoch, row, highest in zip(epochs, probabilities, predicted, strict=True):
        for number, probability in enumerate(row.tolist()):
            kind = "true" if number == label else "runner_up" if number in runners_up else "other"
            values = epoch, names[number], probability, kind, highest == number, epoch == chosen
            for column, value in zip(rows, values, strict=True):
                rows[column].append(value)
    spec = _spec([names[number] for number in (label, *runners_up)], last)
    st.vega_lite_chart(rows, spec, key=key, alt=sentence)
    legend = _("● predicted class · ┆ chosen epoch · ✓ true class · thin: other classes")
    st.caption(legend)


def _spec(names: list[str], epochs_in_all: int) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 3}
    legend |= {"labelLimit": 0, "columns": 2}
    series = {"field": "class", "type": "nominal", "scale": {"domain": names}, "sort": names, "legend": legend}
    detail = {"field": "class", "type": "nominal"}
    x = epoch_axis(epochs_in_all)
    y: dict[str, Any] = {"field": "probability", "type": "quantitative", "title": _("Probability (softmax)")}
    y |= {"scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}
    thick = {"condition": {"test": "datum.kind == 'true'", "value": 4}, "value": 2}
    hover = [
        {"field": "epoch", "title": _("Epoch")},
        {"field": "class", "title": _("Class")},
        {"field": "probability", "title": _("Probability (softmax)"), "format": ".2%", "type": "quantitative"},
    ]
    line, point = {"type": "line"}, {"type": "point", "filled": True, "opacity": 1}
    in_color, x_y = "datum.kind != 'other'", {"x": x, "y": y}
    text = colors().text
    return {
        "height": 360,
        "layer": [
            {
                "transform": [{"filter": "datum.chosen && datum.predicted"}],
                "mark": {"type": "rule", "color": text, "strokeDash": [4, 4]},
                "encoding": {"x": x},
            },
            {
                "transform": [{"filter": "datum.kind == 'other'"}],
                "mark": {**line, "color": text, "strokeWidth": 0.75, "opacity": 0.35},
                "encoding": {**x_y, "detail": detail},
            },
            {
                "transform": [{"filter": in_color}],
                "mark": line,
                "encoding": {**x_y, "color": series, "strokeDash": series, "strokeWidth": thick},
            },
            {
                "transform": [{"filter": "datum.predicted"}],
                "mark": {**point, "size": 70, "color": text},
                "encoding": x_y,
            },
            # Wide and transparent: a target for the mouse on every value.
            {"mark": {"type": "point", "size": 150, "opacity": 0}, "encoding": {**x_y, "tooltip": hover}},
        ],
    }
