"""The loss of a run over its epochs."""

from typing import Any

import streamlit as st

from fmnist.runs.record import Run
from fmnist.types import EpochMetrics
from ui.charts.vega import Rows, epoch_axis, points
from ui.i18n.text import _, fixed

# The ratio of the validation loss to its minimum from which a network overfits.
OVERFITTING_RATIO = 1.1


def loss_chart(run: Run, key: str) -> None:
    """Draw training and validation loss over the finished epochs of a run; there is at least one."""
    rows: Rows = {"curve": [], "epoch": [], "loss": []}
    training, validation = _("training"), _("validation")
    for epoch in run.epochs:
        rows["curve"] += [training, validation]
        rows["epoch"] += [epoch.epoch] * 2
        rows["loss"] += [epoch.loss, epoch.val_loss]
    sentence = loss_sentence(run.epochs)
    st.vega_lite_chart(rows, _spec([validation, training], run.target_epochs, max(rows["loss"])), key=key, alt=sentence)
    st.caption(sentence)


def loss_sentence(epochs: tuple[EpochMetrics, ...]) -> str:
    """Return the last losses, the minimum of the validation loss, and whether the network overfits.

    It overfits where the validation loss is a tenth or more above its minimum while the training loss fell further:
    from one epoch to the next the validation loss varies by some per cent without a meaning.
    """
    last, best = epochs[-1], min(epochs, key=lambda epoch: epoch.val_loss)
    sentence = _(
        "After epoch {epoch} the loss is {training} in training and {validation} in validation.",
        epoch=last.epoch,
        training=fixed(last.loss, 4),
        validation=fixed(last.val_loss, 4),
    )
    if best is last:
        return sentence
    least = _("The validation loss is lowest after epoch {best}, with {least}.", best=best.epoch,
              least=fixed(best.val_loss, 4))  # fmt: skip
    if last.val_loss >= OVERFITTING_RATIO * best.val_loss and last.loss < best.loss:
        least += " " + _("From there on the network overfits: the validation loss rises while the training loss falls.")
    return f"{sentence} {least}"


def _spec(curve_names: list[str], last_epoch: int, highest: float) -> dict[str, Any]:
    legend = {"orient": "top", "title": None, "direction": "vertical", "symbolSize": 100, "labelLimit": 0}
    legend |= {"symbolStrokeWidth": 0}  # dashed, it would fray the symbols
    curves = {"field": "curve", "type": "nominal", "sort": curve_names, "legend": legend}
    exact = ",.0f" if highest >= 1_000 else ".4f"
    return {
        "height": 340,
        "mark": {"type": "line", "point": points(last_epoch)},
        "encoding": {
            "x": epoch_axis(last_epoch),
            "y": {
                "field": "loss",
                "type": "quantitative",
                "title": _("Loss"),
                "scale": {"zero": False, "padding": 12},
                "axis": {"format": ",f"},  # as many decimals as distinct ticks need
            },
            "color": curves,
            "strokeDash": curves,
            "shape": curves,
            "tooltip": [
                {"field": "curve", "title": _("Loss")},
                {"field": "epoch", "title": _("Epoch")},
                {"field": "loss", "title": _("Value"), "format": exact, "type": "quantitative"},
            ],
        },
    }
