"""The zoom of a chart, and its visible range."""

from typing import Any

# About the width of the charts in pixels, by which the padding of an axis becomes a part of its range.
CHART_WIDTH = 600
# A selection of Vega: Ctrl and the wheel zoom, as the wheel alone scrolls the page. A browser on a Mac sends a pinch as
# Ctrl and the wheel.
ZOOM: dict[str, Any] = {
    "name": "zoom",
    "select": {"type": "interval", "zoom": "wheel![event.ctrlKey || event.metaKey]"},
    "bind": "scales",
}


def visible_range(axis: dict[str, Any], zoom: Any) -> tuple[float, float]:
    """Return the visible part of an axis; a client can send any zoom."""
    match zoom.get(axis["field"]) if isinstance(zoom, dict) else None:
        case [int() | float() as first, int() | float() as last] if -1e9 < first < last < 1e9:
            return first, last
    first, last = axis["scale"]["domain"]
    room = axis["scale"].get("padding", 0) / CHART_WIDTH * (last - first)
    return first - room, last + room
