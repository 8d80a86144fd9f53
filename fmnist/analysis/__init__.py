"""Metrics, calibration, saliency and statistics of stored logits and weights, in NumPy."""
