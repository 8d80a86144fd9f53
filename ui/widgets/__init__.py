"""Parts of several pages, which draw and return a value."""
