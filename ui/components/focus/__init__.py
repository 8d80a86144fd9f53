"""The keyboard's focus on a button that is drawn anew."""
