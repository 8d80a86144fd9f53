"""The form of a recipe, the actions on a run and the list of runs."""
