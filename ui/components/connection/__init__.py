"""The banner of a lost connection."""
