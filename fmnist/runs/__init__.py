"""The run store: recipes, epochs, queue and analyses, in SQLite or PostgreSQL."""
