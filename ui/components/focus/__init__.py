"""The keyboard focus on a button whose key changes."""
