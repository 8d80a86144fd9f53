"""A network on all test images."""
