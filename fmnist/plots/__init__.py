"""The notebook's figures, rendered by Matplotlib in a process of its own."""
