"""The runs of a tab in its browser, for a reload."""
