"""The state of a tab, its binding to widgets and its address."""
