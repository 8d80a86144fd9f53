"""The page that opens."""
