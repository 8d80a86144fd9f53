"""The HTTP API, read only: samples, checkpoints and progress."""
