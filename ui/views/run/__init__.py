"""Everything about one run."""
