"""A picture taken from a file, a drop or the clipboard."""
