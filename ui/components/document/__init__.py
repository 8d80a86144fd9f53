"""The language and the title of the document."""
