"""Accuracy over the epochs, or over the seconds, of one run or of several."""

from dataclasses import replace
from itertools import accumulate
from typing import Any

import streamlit as st

from fmnist.plots.rendering import Curves
from fmnist.runs.record import Run
from ui.charts.vega import Rows, colors, epoch_axis, points
from ui.charts.zoom import ZOOM, visible_range
from ui.i18n.text import _, duration, number, percent
from ui.state.fields import XAxis
from ui.state.session import session


def accuracy_chart(runs: list[Run], key: str, x_axis: XAxis = "epochs") -> Curves:
    """Draw training and validation accuracy of one run or of several, over all epochs, the first ones, or seconds.

    Return the curves within the present zoom, for a file.
    """
    if x_axis == "first":
        count = _common_epochs(runs)
        runs = [replace(run, epochs=run.epochs[:count], target_epochs=count) for run in runs]
    rows = _rows(runs)
    x, accuracy = _axes(runs, rows, x_axis)
    spec = _curves_spec(_kinds(), x, accuracy, len(runs) > 1)
    spec["mark"]["point"] = points(max(run.target_epochs for run in runs))
    sentence = " ".join(_accuracy_sentence(run, x_axis) for run in runs)
    # Streamlit drops a zoom at every new row, unless the zoom is a selection that is requested.
    state = st.vega_lite_chart(rows, spec, key=key, alt=sentence, on_select="rerun", selection_mode="zoom")
    hint = _("Zoom with Ctrl and the wheel, drag to move, double-click to go back.")
    st.caption(f"{sentence} {hint}" if rows["epoch"] else sentence)
    return _curves(rows, x, accuracy, state.selection.get("zoom", {}))


def accuracy_curves(runs: list[Run]) -> Curves:
    """Return the curves over the epochs, for a file."""
    rows = _rows(runs)
    return _curves(rows, *_axes(runs, rows, "epochs"), zoom={})


def _curves(rows: Rows, x: dict[str, Any], accuracy: dict[str, Any], zoom: dict[str, Any]) -> Curves:
    titles = x["title"], accuracy["title"]
    return Curves(
        rows["run"], rows["curve"], rows[x["field"]], rows["accuracy"], _kinds(), titles,
        visible_range(x, zoom), visible_range(accuracy, zoom), st.get_option("theme.chartCategoricalColors"),
    )  # fmt: skip


def _kinds() -> tuple[str, str]:
    return _("validation"), _("training")


def _rows(runs: list[Run]) -> Rows:
    validation, training = _kinds()
    rows: Rows = {"run": [], "curve": [], "epoch": [], "seconds": [], "accuracy": []}
    for run in runs:
        seconds = accumulate(epoch.seconds for epoch in run.epochs)
        for epoch, until in zip(run.epochs, seconds, strict=True):
            for curve, share in ((training, epoch.accuracy), (validation, epoch.val_accuracy)):
                point = _("Run {number}", number=run.number), curve, epoch.epoch, until, share
                for column, value in zip(rows, point, strict=True):
                    rows[column].append(value)
    return rows


def _axes(runs: list[Run], rows: Rows, x_axis: XAxis) -> tuple[dict[str, Any], dict[str, Any]]:
    x = _seconds_axis(rows) if x_axis == "seconds" else epoch_axis(max(run.target_epochs for run in runs))
    return x, _accuracy_axis(rows)


def pick_x_axis(runs: list[Run]) -> XAxis:
    """Choose the x axis for the curves of several runs."""
    first = _("First {count} epochs", count=number(_common_epochs(runs)))
    names = {"epochs": _("Epochs"), "first": first, "seconds": _("Seconds of training")}
    state = session()
    st.segmented_control(_("Horizontal axis"), required=True, **state.bind_options("x_axis", names))
    return state.x_axis


def _common_epochs(runs: list[Run]) -> int:
    """Return how many epochs every run has; at least two, which an axis needs."""
    return max(2, min(len(run.epochs) for run in runs))


def _seconds_axis(rows: Rows) -> dict[str, Any]:
    scale = {"domain": [0, max(rows["seconds"], default=1)], "padding": 12, "nice": False}
    return {"field": "seconds", "type": "quantitative", "title": _("Seconds of training"), "scale": scale}


def _accuracy_axis(rows: Rows) -> dict[str, Any]:
    # An empty axis needs a domain; later the curves set it.
    lowest, highest = min(rows["accuracy"], default=0), max(rows["accuracy"], default=1)
    room = 0.04 * (highest - lowest) or 0.01
    domain = [lowest - room, highest + room] if rows["accuracy"] else [lowest, highest]
    return {
        "field": "accuracy", "type": "quantitative", "title": _("Accuracy"), "scale": {"domain": domain},
        "axis": {"format": "%"},  # as many decimals as distinct ticks need
    }  # fmt: skip


def _curves_spec(kinds: tuple[str, str], x: dict[str, Any], accuracy: dict[str, Any], several: bool) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "labelLimit": 0}
    lines = {"symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 2}
    # Dashed, it would fray the symbols.
    signs = {"symbolSize": 80, "symbolStrokeWidth": 0, "direction": "vertical"}
    if several:  # the colors are the runs', so that the signs of the curves have none
        signs |= {"symbolFillColor": colors().text}
    curves = {"field": "curve", "type": "nominal", "sort": list(kinds), "legend": legend | signs}
    # The first run is blue, whatever its number.
    of_runs = {"field": "run", "type": "nominal", "sort": None, "legend": legend | lines | {"columns": 2}}
    return {
        "height": 400 if several else 320,
        # One legend below the other: side by side they are too wide for half a page.
        "config": {"legend": {"layout": {"top": {"direction": "vertical", "anchor": "middle"}}}},
        "params": [ZOOM],
        "mark": {"type": "line", "clip": True},
        "encoding": {
            "x": x,
            "y": accuracy,
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


def _accuracy_sentence(run: Run, x_axis: XAxis) -> str:
    if not run.epochs:
        return _("Run {number} has no finished epoch yet; each epoch adds a point.", number=run.number)
    if len(run.epochs) == 1:
        return _(
            "Run {number}: after epoch {epoch}, the accuracy is {validation} in validation and {training} in training.",
            number=run.number,
            epoch=1,
            validation=percent(run.epochs[0].val_accuracy),
            training=percent(run.epochs[0].accuracy),
        )
    best = max(run.epochs, key=lambda epoch: epoch.val_accuracy)
    if x_axis == "seconds":
        return _(
            "Run {number}: after {time} of training, the validation accuracy is {validation}; the best was "
            "{accuracy}, after {best}.",
            number=run.number,
            time=duration(run.seconds),
            validation=percent(run.epochs[-1].val_accuracy),
            accuracy=percent(best.val_accuracy),
            best=duration(sum(epoch.seconds for epoch in run.epochs[: best.epoch])),
        )
    return _(
        "Run {number}: after epoch {epoch}, the accuracy is {validation} in validation and {training} in training; "
        "the best validation epoch is {best}, with {accuracy}.",
        number=run.number,
        epoch=len(run.epochs),
        validation=percent(run.epochs[-1].val_accuracy),
        training=percent(run.epochs[-1].accuracy),
        best=best.epoch,
        accuracy=percent(best.val_accuracy),
    )
