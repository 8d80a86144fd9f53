"""Accuracy over the epochs, or over the seconds, of one run or of several."""

from itertools import accumulate
from typing import Any

import streamlit as st

from fmnist.runs.record import Run
from ui.charts.vega import Rows, colours, config, points
from ui.session import Over, session
from ui.text import _, duration, percent


def accuracy_chart(runs: list[Run], key: str, over: Over = "epochs") -> None:
    """Accuracy in training and in validation, of one run or of several in one chart, over epochs or over time."""
    training, validation = _("on training images"), _("on validation images")
    rows: Rows = {"run": [], "curve": [], "epoch": [], "seconds": [], "accuracy": []}
    for run in runs:
        seconds = accumulate(epoch.seconds for epoch in run.epochs)
        for epoch, until in zip(run.epochs, seconds, strict=True):
            for curve, accuracy in ((training, epoch.accuracy), (validation, epoch.val_accuracy)):
                point = _("Run {number}", number=run.number), curve, epoch.epoch, until, accuracy
                for column, value in zip(rows, point, strict=True):
                    rows[column].append(value)
    last_epoch = max(run.target_epochs for run in runs)
    across = _over_seconds() if over == "seconds" else _over_epochs(last_epoch)
    spec = _curves_spec([validation, training], across, len(runs) > 1, rows)
    spec["mark"]["point"] = points(last_epoch)
    sentence = " ".join(_accuracy_sentence(run, over) for run in runs)
    # Streamlit forgets a zoom at every new row, unless the zoom is a selection that it is asked for.
    st.vega_lite_chart(rows, spec, key=key, alt=sentence, on_select="rerun", selection_mode="zoom")
    hint = _("Scroll to zoom, drag to move, double-click to go back.")
    st.caption(f"{sentence} {hint}" if rows["epoch"] else sentence)


def pick_over() -> Over:
    """Choose what the curves of several runs are drawn over."""
    names = {"epochs": _("Epochs"), "seconds": _("Seconds of training")}
    state = session()
    st.segmented_control(_("Draw over"), required=True, **state.bind_options("over", names))
    return state.over


def _over_epochs(last_epoch: int) -> dict[str, Any]:
    scale = {"domain": [1, max(last_epoch, 2)], "padding": 12, "nice": False}
    axis = {"tickMinStep": 1, "format": "d"}
    return {"field": "epoch", "type": "quantitative", "title": _("Epoch"), "scale": scale, "axis": axis}


def _over_seconds() -> dict[str, Any]:
    scale = {"zero": True, "padding": 12, "nice": False}
    return {"field": "seconds", "type": "quantitative", "title": _("Seconds of training"), "scale": scale}


def _curves_spec(curve_names: list[str], across: dict[str, Any], several: bool, rows: Rows) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "labelLimit": 0}
    lines = {"symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 2}
    # Dashed, it would fray the symbols.
    signs = {"symbolSize": 80, "symbolStrokeWidth": 0, "direction": "vertical"}
    if several:  # the colours are the runs', so that the signs of the curves have none
        signs |= {"symbolFillColor": colours().text}
    curves = {"field": "curve", "type": "nominal", "sort": curve_names, "legend": legend | signs}
    # The first run is blue, whatever its number.
    of_runs = {"field": "run", "type": "nominal", "sort": None, "legend": legend | lines | {"columns": 2}}
    # An empty axis needs a domain; afterwards it follows the curves.
    accuracies = {"zero": False, "padding": 12} if rows["epoch"] else {"domain": [0, 1]}
    return {
        "height": 400 if several else 320,
        # One legend below the other: side by side they are too wide for half a page.
        "config": {**config(), "legend": {"layout": {"top": {"direction": "vertical", "anchor": "middle"}}}},
        "params": [{"name": "zoom", "select": "interval", "bind": "scales"}],
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": across,
            "y": {
                "field": "accuracy",
                "type": "quantitative",
                "title": _("Accuracy"),
                "scale": accuracies,
                "axis": {"format": ".0%"},
            },
            "color": of_runs if several else curves,
            "strokeDash": curves,
            "shape": curves,
            "tooltip": [
                {"field": "run", "title": _("Run")},
                {"field": "curve", "title": _("Accuracy")},
                {"field": "epoch", "title": _("Epoch")},
                {"field": "seconds", "title": _("Seconds of training"), "format": ".1f", "type": "quantitative"},
                {"field": "accuracy", "title": _("Value"), "format": ".2%", "type": "quantitative"},
            ],
        },
    }


def _accuracy_sentence(run: Run, over: Over) -> str:
    if not run.epochs:
        return _("Run {number} has no finished epoch yet; each will add a point.", number=run.number)
    best = max(run.epochs, key=lambda epoch: epoch.val_accuracy)
    if over == "seconds":
        return _(
            "Run {number}: after {time} of training, {validation} of the validation images are named correctly; the "
            "best was {accuracy}, after {best}.",
            number=run.number,
            time=duration(run.seconds),
            validation=percent(run.epochs[-1].val_accuracy),
            accuracy=percent(best.val_accuracy),
            best=duration(sum(epoch.seconds for epoch in run.epochs[: best.epoch])),
        )
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
