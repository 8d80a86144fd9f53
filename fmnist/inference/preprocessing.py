"""Preprocessing of own pictures to the data set's form: one piece of clothing, light on black, 28 × 28 greys.

As the data set was made from photographs (Xiao et al. 2017, arXiv 1708.07747, section 2): edges that are as the
background are cut off, the longer side becomes 28 pixels, the shorter one is filled up, light and dark are exchanged.
Two things are added, because these photographs come from anywhere: what is darker or lighter than the background is
looked at, instead of a white one taken for granted, and the lightest pixel becomes white, which it is in the data set.
"""

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmnist.architecture import IMAGE_SHAPE
from fmnist.errors import InvalidPicture
from fmnist.inference.reader import FROM_DISK, Limits, read

SIDE = IMAGE_SHAPE[0]
# A pixel that differs less than this from the background, of 1, is background: shadows and the grain of a sensor.
STANDS_OUT = 0.12
# In every image of the data set a quarter of the edges is darker than this, of 255; and of their negatives in none.
BLACK = 50
# A row or a column of which less stands out is an edge.
MIN_SHARE = 0.01


def preprocess(content: bytes, limits: Limits = FROM_DISK) -> NDArray[np.uint8]:
    """Return the picture in a file as the network's input: (28, 28), 0 black to 255 white.

    A grey picture of that size that is light on black stays as it is. Raises
    InvalidPicture when the file exceeds the limits or holds no picture, or one in which nothing stands out.
    """
    read_pixels = read(content, limits)
    if _is_known(read_pixels):
        return read_pixels[..., 0].copy()
    pixels = read_pixels.astype(np.float32)
    pixels /= 255
    colors, opaque = pixels[..., :3], pixels[..., 3] > 0.5
    cut_out = not np.median(_edges(opaque))
    background = _ground(colors[opaque]) if cut_out else np.median(_edges(colors)[_edges(opaque)], axis=0)
    colors = background + pixels[..., 3:] * (colors - background)
    # Alpha says where a piece is that was cut out, whatever its colour.
    inside = opaque if cut_out else np.abs(colors - background).max(axis=2) > STANDS_OUT
    rows, columns = _extent(inside, axis=1), _extent(inside, axis=0)
    light = _light_on_black(_grey(colors), float(_grey(background)), inside)[rows, columns]
    return _fitted(light)


def to_text(image: NDArray[np.uint8]) -> str:
    """Return an image (28, 28) as some five hundred letters, digits, - and _, for an address."""
    return base64.urlsafe_b64encode(zlib.compress(image.tobytes(), 9)).decode().rstrip("=")


def from_text(text: str) -> NDArray[np.uint8]:
    """Return the image (28, 28) that `to_text` wrote. Raises InvalidPicture for any other text."""
    try:
        compressed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        content = zlib.decompressobj().decompress(compressed, SIDE * SIDE + 1)
    except (ValueError, zlib.error):
        content = b""
    if len(content) != SIDE * SIDE:
        raise InvalidPicture(
            "The address contains picture={value!r}, which is no picture; choose the picture again.", value=text[:40]
        )
    return np.frombuffer(content, np.uint8).reshape(SIDE, SIDE)


def _edges(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return the outermost pixels of (height, width, …), one after the other."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def _ground(seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the background of a cut-out: white, or black where its opaque pixels (n, 3) are too light to stand out."""
    black = len(seen) and np.median(seen) > 1 - STANDS_OUT
    return np.full(3, 0 if black else 1, np.float32)


def _is_known(pixels: NDArray[np.uint8]) -> bool:
    """Return whether pixels (height, width, 4) are 28 × 28 greys, a quarter of their edges nearly black."""
    grey = pixels.shape[:2] == IMAGE_SHAPE[:2] and bool((pixels[..., :3] == pixels[..., :1]).all())
    return grey and bool((pixels[..., 3] == 255).all()) and float(np.percentile(_edges(pixels[..., 0]), 25)) < BLACK


def _extent(inside: NDArray[np.bool_], axis: int) -> slice:
    """Return the slice from the first to the last row or column of which enough stands out."""
    found = np.flatnonzero(inside.mean(axis=axis) > MIN_SHARE)
    if not len(found):
        raise InvalidPicture("Nothing stands out from the edges of the picture; choose one with a plain background.")
    return slice(found[0], found[-1] + 1)


def _grey(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the luma of colors (…, 3) by ITU-R BT.601, as Pillow does."""
    return colors @ np.array([0.299, 0.587, 0.114], np.float32)


def _light_on_black(grey: NDArray[np.float32], background: float, inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the difference from the background, 0 to 1: of lighter pixels, or of darker ones where most are darker.

    What hardly stands out is kept as it is: without it a light shirt on white paper would be a frame.
    """
    darker = np.median(grey[inside]) < background
    lighter = (background - grey) / background if darker else (grey - background) / (1 - background)
    return lighter.clip(0, 1)


def _fitted(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return it in the middle of a black square, the longer side 28 pixels, the lightest pixel white."""
    height, width = light.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(light).resize(size, Image.Resampling.LANCZOS)).clip(0)
    image = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    image[top : top + size[1], left : left + size[0]] = small / (small.max() or 1)
    return np.round(255 * image).astype(np.uint8)
