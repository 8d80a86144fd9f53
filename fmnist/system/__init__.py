"""The machine: hardware, files, streams and subprocesses."""
