"""A network on one image."""
