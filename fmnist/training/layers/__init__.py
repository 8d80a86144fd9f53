"""Keras layers that are faster on a CPU than Keras's own."""
