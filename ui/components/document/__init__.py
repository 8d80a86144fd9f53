"""The language, the page numbers and the history of the document."""
