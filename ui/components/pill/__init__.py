"""The training of this tab, on every page but Train."""
