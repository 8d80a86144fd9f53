"""Images as PNG: lossless, and small enough to travel inside a message."""

import base64
import io

import numpy as np
from PIL import Image

# From a weak value to the strongest. Each row is lighter than the one before, so that the order is seen without its
# color, too; orange and blue stay apart for color-blind eyes.
_ORANGE = np.array([[110, 45, 0], [213, 94, 0], [255, 176, 64], [255, 244, 190]])
_BLUE = np.array([[0, 45, 90], [0, 114, 178], [86, 180, 233], [214, 240, 255]])
# How light the picture under the heat is, and how much of it the strongest heat hides.
_DIMMED = 0.45
_OPACITY = 0.85


def png(image: np.ndarray, scale: int = 1) -> bytes:
    """An image uint8, grey (h, w) or colored (h, w, 3), as PNG bytes, each pixel `scale` wide and high."""
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


def heat(image: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (h, w) as colors over a grey image (h, w) uint8, dimmed: uint8 (h, w, 3).

    1 is the brightest orange, -1 the brightest blue, and 0 adds nothing.
    """
    strength = np.clip(np.abs(values), 0, 1)[..., np.newaxis]
    colors = np.where(values[..., np.newaxis] > 0, _along(_ORANGE, strength), _along(_BLUE, strength))
    share = _OPACITY * np.minimum(2 * strength, 1)
    return (image[..., np.newaxis] * _DIMMED * (1 - share) + colors * share).astype(np.uint8)


def _along(table: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """The colors (h, w, 3) at places (h, w, 1), from 0 to 1, between the rows of a table."""
    rows = np.linspace(0, 1, len(table))
    return np.concatenate([np.interp(strength, rows, channel) for channel in table.T], axis=-1)


def data_url(content: bytes) -> str:
    """PNG bytes as a URL that needs no request."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
