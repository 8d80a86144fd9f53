"""Classification with LiteRT, and preprocessing of images from files."""
