"""Two scores of each class, as a table with bars."""
