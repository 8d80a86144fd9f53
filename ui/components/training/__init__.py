"""The live block of Train: status, curve, filters, images and replay of one run."""
