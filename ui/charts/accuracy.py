"""Accuracy over the epochs of one run or of several."""

from typing import Any

import streamlit as st

from fmnist.runs.record import Run
from ui.charts.vega import Rows, colours, config
from ui.text import _, percent


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
    if several:  # the colours are the runs', so that the signs of the curves have none
        sign = {"symbolFillColor": colours().text, "symbolStrokeWidth": 0, "symbolSize": 80}
        curves["legend"] = {**legend, **sign, "columns": 1}
    # The first run is blue, whatever its number.
    of_runs = {"field": "run", "type": "nominal", "sort": None, "legend": {**legend, "columns": 2}}
    # An empty axis needs a domain; afterwards it follows the curves.
    accuracies = {"zero": False, "padding": 12} if rows["epoch"] else {"domain": [0, 1]}
    epochs = {"domain": [1, max(last_epoch, 2)], "padding": 12, "nice": False}
    return {
        "height": 400 if several else 320,
        # One legend below the other: side by side they are too wide for half a page.
        "config": {**config(), "legend": {"layout": {"top": {"direction": "vertical", "anchor": "middle"}}}},
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
