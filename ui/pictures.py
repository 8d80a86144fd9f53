"""Images as PNG: lossless, and small enough to travel inside a message."""

import base64
import io

import numpy as np
from PIL import Image


def png(image: np.ndarray, scale: int = 1) -> bytes:
    """A grey image (h, w) uint8 as PNG bytes, each pixel `scale` wide and high."""
    buffer = io.BytesIO()
    Image.fromarray(image.repeat(scale, axis=0).repeat(scale, axis=1)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def sprite(images: np.ndarray, columns: int) -> np.ndarray:
    """Images (n, h, w) laid out row by row in one; places that are left over stay black."""
    count, height, width = images.shape
    rows = -(-count // columns)
    padded = np.zeros((rows * columns, height, width), np.uint8)
    padded[:count] = images
    return padded.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)


def data_url(content: bytes) -> str:
    """PNG bytes as a URL that needs no request."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
