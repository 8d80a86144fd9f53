"""The data set: its files, their download and its splits."""
