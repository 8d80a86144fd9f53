"""Read any picture file in bounded time and memory, for the page and the command line alike.

What is refused is refused by its bytes, its parts and its header, before a pixel is decoded. An animation is its first
frame.
"""

import io
import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, PngImagePlugin

from fmnist.errors import InvalidPicture
from fmnist.inference.structure import SCAN, parts

# The longest side of a read picture; a photograph of a telephone has ten times as many pixels each way.
WORKED_ON = 280
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
# Pillow reads the parts of these in Python, one by one: a megabyte can take half a second and 40 MB.
_BYTE_BY_BYTE, MAX_BYTE_BY_BYTE = (b"GIF8", b"BM"), 1_000_000
# A PNG of 32 MB has 4,000 chunks, as libpng cuts it.
MAX_PARTS = 5_000
# As many scans as an encoder writes for a progressive JPEG: each goes over all pixels, however few bytes it has.
MAX_SCANS = 10
# A longer side takes memory for its rows alone, and shows nothing in 28 pixels.
MAX_SIDE = 16_000
# Pictures are decoded one after the other, so that many at once take the memory of one.
_DECODING, DECODE_TIMEOUT = Lock(), 10
# Pillow keeps the texts of a PNG unpacked, 64 MB of them.
PngImagePlugin.MAX_TEXT_MEMORY = 4 * PngImagePlugin.MAX_TEXT_CHUNK


@dataclass(frozen=True)
class Limits:
    """The largest file that a caller has decoded."""

    pixels: int
    size: int


# The page's own script sends at most 280 pixels a side; whatever sends more is not that script.
FROM_PAGE = Limits(pixels=1_000_000, size=300_000)
FROM_DISK = Limits(pixels=16_000_000, size=32_000_000)


def read(content: bytes, limits: Limits) -> NDArray[np.uint8]:
    """Return the upright picture, red, green, blue and alpha (height, width, 4), at most 280 each way.

    Raises InvalidPicture when the file exceeds the limits or holds no picture.
    """
    scans = _check_parts(content, limits)
    if not _DECODING.acquire(timeout=DECODE_TIMEOUT):
        raise InvalidPicture("Other pictures are being read; choose this one again.")
    try:
        with warnings.catch_warnings(action="ignore"):  # of a damaged file: it is read as far as it can be
            return _decode(content, scans, limits)
    except InvalidPicture:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidPicture(
            "The picture has more than {most:,} pixels; choose a smaller one.", most=limits.pixels
        ) from error
    except MemoryError as error:
        raise InvalidPicture("There is too little memory to read the picture; choose a smaller one.") from error
    except Exception as error:  # whatever a damaged file leads Pillow into
        raise InvalidPicture("The file holds no picture that can be read; choose a PNG or a JPEG.") from error
    finally:
        _DECODING.release()


def _decode(content: bytes, scans: int, limits: Limits) -> NDArray[np.uint8]:
    """Return pixels as `read` does. Each step releases the picture before, which may have 64 MB."""
    picture = _loaded(content, scans, limits)
    if picture.mode == "I;16":  # which Pillow would cut off at 255
        picture = picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode in ("1", "P") or "transparency" in picture.info:  # which have no shades to be made small in
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((WORKED_ON, WORKED_ON))
    return np.asarray(_upright(picture).convert("RGBA"))


def _loaded(content: bytes, scans: int, limits: Limits) -> Image.Image:
    """Return Pillow's image, of a JPEG at the needed size."""
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    _check_pixels(picture, scans, limits)
    picture.draft("RGB", (WORKED_ON, WORKED_ON))
    if picture.format == "PNG" and "transparency" in picture.info:
        _scale_transparent(picture)
    picture.load()
    return picture


def _check_parts(content: bytes, limits: Limits) -> int:
    """Return the number of scans. Raise InvalidPicture for a file of too many bytes or parts."""
    most = min(limits.size, MAX_BYTE_BY_BYTE) if content.startswith(_BYTE_BY_BYTE) else limits.size
    if len(content) > most:
        raise InvalidPicture("The file has more than {most:,} bytes; choose a smaller picture.", most=most)
    counted = Counter(islice(parts(content), MAX_PARTS + 1))
    if counted.total() > MAX_PARTS:
        raise InvalidPicture(
            "The file is made of more than {most:,} parts; save the picture again, as a plain PNG or JPEG.",
            most=MAX_PARTS,
        )
    return counted[SCAN]


def _check_pixels(picture: Image.Image, scans: int, limits: Limits) -> None:
    """Raise InvalidPicture where the header announces too many pixels or scans."""
    # A WebP is decoded into three copies of all its pixels.
    most = limits.pixels // 2 if picture.format == "WEBP" else limits.pixels
    pixels = picture.width * picture.height
    if pixels > most or max(picture.size) > MAX_SIDE:
        raise InvalidPicture(
            "The picture has {width:,} × {height:,} pixels; choose one with at most {most:,} in all.",
            width=picture.width, height=picture.height, most=most,
        )  # fmt: skip
    if scans * pixels > MAX_SCANS * most:
        raise InvalidPicture("The picture is made of {scans:,} scans; save it as a plain JPEG.", scans=scans)


def _scale_transparent(picture: ImageFile.ImageFile) -> None:
    """Scale the grey or colour that is transparent to eight bits, as Pillow does with the pixels and not with it."""
    scale = {"L;2": 255 / 3, "L;4": 255 / 15, "I;16B": 1 / 256, "RGB;16B": 1 / 256}.get(str(picture.tile[0].args), 1)
    key = picture.info["transparency"]
    if isinstance(key, tuple):
        picture.info["transparency"] = tuple(int(one * scale) for one in key)
    elif isinstance(key, int):  # else the bytes of a palette
        picture.info["transparency"] = int(key * scale)


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # what a damaged note about the picture leads Pillow into; its pixels are sound
        return picture
