"""Images as PNG: lossless, and small enough for a message."""

import base64
import io

import numpy as np
from PIL import Image


def png(image: np.ndarray, scale: int = 1) -> bytes:
    """Return an image uint8, grey (h, w) or colored (h, w, 3), as PNG bytes, each pixel `scale` wide and high."""
    buffer = io.BytesIO()
    Image.fromarray(image.repeat(scale, axis=0).repeat(scale, axis=1)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def sprite(images: np.ndarray, columns: int) -> np.ndarray:
    """Return images (n, h, w) row by row in one image; unused places are black."""
    count, height, width = images.shape
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, height, width), np.uint8)
    padded[:count] = images
    return padded.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)


def data_url(content: bytes) -> str:
    """Return PNG bytes as a data URL."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
