"""The output of a dense layer as bars."""

import json

import numpy as np
import streamlit as st

from ui.charts.vega import Rows, colors
from ui.i18n.text import _


def value_bars(values: np.ndarray, names: list[str], sentence: str, key: str) -> None:
    """Draw a bar for each value (n,), in order; at most ten have their names below, all have them on hover."""
    rows: Rows = {"order": list(range(len(values))), "name": names, "value": values.tolist()}
    few = len(values) <= 10
    named = {"labelExpr": f"{json.dumps(names)}[datum.value]", "labelAngle": -40, "values": rows["order"]}
    spec = {
        "height": 300,
        "mark": {"type": "bar", "color": colors().blue},
        "encoding": {
            "x": {
                "field": "order",
                "type": "ordinal",
                "title": None,
                "axis": named if few else {"labels": False, "ticks": False},
            },
            "y": {"field": "value", "type": "quantitative", "title": _("Value")},
            "tooltip": [
                {"field": "name", "title": _("Class") if few else _("Number")},
                {"field": "value", "title": _("Value"), "format": ".3f", "type": "quantitative"},
            ],
        },
    }
    st.vega_lite_chart(rows, spec, key=key, alt=sentence)
