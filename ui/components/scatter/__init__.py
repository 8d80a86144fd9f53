"""A map of points that is moved, zoomed and searched."""
