"""Parts of one page, a folder a page."""
