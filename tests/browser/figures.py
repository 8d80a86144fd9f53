"""Checks of a downloaded figure."""

import io
from typing import Literal
from xml.etree import ElementTree

from PIL import Image


def assert_figure(content: bytes, file_format: Literal["PNG", "SVG"]) -> None:
    """Fail unless the file is a whole picture of some size that shows more than one color."""
    if file_format == "SVG":
        root = ElementTree.fromstring(content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(root.findall(".//{http://www.w3.org/2000/svg}path")) > 5
        return
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 300
        assert len(picture.convert("L").getcolors() or ()) > 10
