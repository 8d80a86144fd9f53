"""Charts: arrays to Vega-Lite."""
