"""A person's own picture as the network knows pictures: one piece of clothing, light on black, 28 × 28 greys.

As the data set was made from photographs (Xiao et al. 2017, arXiv 1708.07747, section 2): edges that are as the
background are cut off, the longer side becomes 28 pixels, the shorter one is filled up, light and dark are exchanged.
Two things are added, because these photographs come from anywhere: what is darker or lighter than the background is
looked at, instead of a white one taken for granted, and the lightest pixel becomes white, which it is in the data set.
"""

import base64
import io
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fmnist.errors import InvalidPicture
from fmnist.layers import IMAGE_SHAPE

SIDE = IMAGE_SHAPE[0]
# What is worked on; a photograph of a telephone has ten times as many pixels each way.
WORKED_ON = 280
# More pixels than any camera's: whoever sends them means no picture.
MOST_PIXELS = 60_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
# A pixel that differs less than this from the background, of 1, is background: shadows and the grain of a sensor.
STANDS_OUT = 0.12
# A row or a column of which less stands out is an edge.
LEAST_SHARE = 0.01


def prepared(content: bytes) -> NDArray[np.uint8]:
    """The picture in a file as the network is to see it: (28, 28), 0 black to 255 white.

    Raises InvalidPicture when the file holds none, or one in which nothing stands out from its edges.
    """
    pixels = np.asarray(_opened(content), np.float32) / 255
    background = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), axis=0)
    inside = np.abs(pixels - background).max(axis=2) > STANDS_OUT
    rows, columns = _extent(inside, axis=1), _extent(inside, axis=0)
    light = _light_on_black(_grey(pixels), float(_grey(background)), inside)[rows, columns]
    return _fitted(light)


def to_text(image: NDArray[np.uint8]) -> str:
    """An image (28, 28) as letters, digits, - and _, some five hundred of them, that an address can hold."""
    return base64.urlsafe_b64encode(zlib.compress(image.tobytes(), 9)).decode().rstrip("=")


def from_text(text: str) -> NDArray[np.uint8]:
    """The image (28, 28) that `to_text` wrote. Raises InvalidPicture for any other text."""
    try:
        compressed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        content = zlib.decompressobj().decompress(compressed, SIDE * SIDE + 1)
    except (ValueError, zlib.error):
        content = b""
    if len(content) != SIDE * SIDE:
        raise InvalidPicture(
            "The address says greys={value!r}, which is no picture; choose the picture again.", value=text[:40]
        )
    return np.frombuffer(content, np.uint8).reshape(SIDE, SIDE)


def _opened(content: bytes) -> Image.Image:
    """The picture upright, in colours, on white where it is transparent, no larger than is worked on."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise InvalidPicture(
                "The picture has {width:,} × {height:,} pixels; choose one with at most {most:,} in all.",
                width=picture.width, height=picture.height, most=MOST_PIXELS,
            )  # fmt: skip
        picture.draft("RGB", (WORKED_ON, WORKED_ON))  # a JPEG is read at the size that is needed
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((WORKED_ON, WORKED_ON))
        picture = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidPicture("The file holds no picture that can be read; choose a PNG or a JPEG.") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _extent(inside: NDArray[np.bool_], axis: int) -> slice:
    """From the first to the last row or column of which enough stands out."""
    found = np.flatnonzero(inside.mean(axis=axis) > LEAST_SHARE)
    if not len(found):
        raise InvalidPicture("Nothing stands out from the edges of the picture; choose one with a plain background.")
    return slice(found[0], found[-1] + 1)


def _grey(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """How light colours (…, 3) are, by ITU-R BT.601, as for television and for Pillow."""
    return colours @ np.array([0.299, 0.587, 0.114], np.float32)


def _light_on_black(grey: NDArray[np.float32], background: float, inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How much lighter than the background, from 0 to 1, or how much darker, if what stands out mostly is.

    What hardly stands out is kept as it is: without it a light shirt on white paper would be a frame.
    """
    darker = np.median(grey[inside]) < background
    lighter = (background - grey) / background if darker else (grey - background) / (1 - background)
    return lighter.clip(0, 1)


def _fitted(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """In the middle of a black square, with a longer side of 28 and a white that is white."""
    height, width = light.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(light).resize(size, Image.Resampling.LANCZOS)).clip(0)
    image = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    image[top : top + size[1], left : left + size[0]] = small / (small.max() or 1)
    return np.round(255 * image).astype(np.uint8)
