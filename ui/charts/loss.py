"""The loss of a run over its epochs."""

from typing import Any

import streamlit as st

from fmnist.runs.record import Run
from ui.charts.vega import Rows, config, points
from ui.text import _, fixed


def loss_chart(run: Run, key: str) -> None:
    """Loss in training and in validation over the finished epochs of a run that has some."""
    rows: Rows = {"curve": [], "epoch": [], "loss": []}
    training, validation = _("on training images"), _("on validation images")
    for epoch in run.epochs:
        rows["curve"] += [training, validation]
        rows["epoch"] += [epoch.epoch] * 2
        rows["loss"] += [epoch.loss, epoch.val_loss]
    best = min(run.epochs, key=lambda epoch: epoch.val_loss)
    sentence = _(
        "After epoch {epoch} the loss is {training} on the training images and {validation} on the validation images, "
        "where it was least after epoch {best}, with {least}. From where that one rises, the network memorises.",
        epoch=len(run.epochs),
        training=fixed(run.epochs[-1].loss, 4),
        validation=fixed(run.epochs[-1].val_loss, 4),
        best=best.epoch,
        least=fixed(best.val_loss, 4),
    )
    st.vega_lite_chart(rows, _spec([validation, training], max(run.target_epochs, 2)), key=key, alt=sentence)
    st.caption(sentence)


def _spec(curve_names: list[str], last_epoch: int) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "direction": "vertical", "symbolSize": 100, "labelLimit": 0}
    legend |= {"symbolStrokeWidth": 0}  # dashed, it would fray the symbols
    curves = {"field": "curve", "type": "nominal", "sort": curve_names, "legend": legend}
    epochs = {"domain": [1, last_epoch], "padding": 12, "nice": False}
    return {
        "height": 340,
        "config": config(),
        "mark": {"type": "line", "point": points(last_epoch)},
        "encoding": {
            "x": {
                "field": "epoch",
                "type": "quantitative",
                "title": _("Epoch"),
                "scale": epochs,
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "y": {
                "field": "loss",
                "type": "quantitative",
                "title": _("Loss"),
                "scale": {"zero": False, "padding": 12},
                "axis": {"format": ".2f"},
            },
            "color": curves,
            "strokeDash": curves,
            "shape": curves,
            "tooltip": [
                {"field": "curve", "title": _("Loss")},
                {"field": "epoch", "title": _("Epoch")},
                {"field": "loss", "title": _("Value"), "format": ".4f", "type": "quantitative"},
            ],
        },
    }
