"""Images as PNG: lossless, and small enough for a message."""

import base64
import io

import numpy as np
from PIL import Image

# From the weakest value to the strongest. Lightness shows the order without colors, too; orange and blue are distinct
# for color-blind readers.
_ORANGE = np.array([[110, 45, 0], [213, 94, 0], [255, 176, 64], [255, 244, 190]])
_BLUE = np.array([[0, 45, 90], [0, 114, 178], [86, 180, 233], [214, 240, 255]])
# The brightness of the image under a heat map, and the opacity of the strongest value.
_DIMMED = 0.45
_OPACITY = 0.85


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


def heat_map(image: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return values (h, w) as colors over a dimmed grey image (h, w) uint8: uint8 (h, w, 3).

    1 is the brightest orange, -1 the brightest blue, and 0 adds nothing.
    """
    strength = np.clip(np.abs(values), 0, 1)[..., np.newaxis]
    colors = np.where(values[..., np.newaxis] > 0, _interpolate(_ORANGE, strength), _interpolate(_BLUE, strength))
    share = _OPACITY * np.minimum(2 * strength, 1)
    return (image[..., np.newaxis] * _DIMMED * (1 - share) + colors * share).astype(np.uint8)


def _interpolate(table: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Interpolate the rows of a color table at positions (h, w, 1) from 0 to 1: colors (h, w, 3)."""
    rows = np.linspace(0, 1, len(table))
    return np.concatenate([np.interp(strength, rows, channel) for channel in table.T], axis=-1)


def data_url(content: bytes) -> str:
    """Return PNG bytes as a data URL."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
