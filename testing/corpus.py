"""One piece of clothing in every kind of file that a person may bring, and files that are none."""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from testing.bombs import chunk, flat_webp, notes, png, png_with, scans, segments, zipped
from testing.photographs import file_of

SIZES = ((1, 1), (1, 200), (200, 1), (27, 28), (28, 28), (29, 29), (280, 280), (281, 190), (700, 710))
# Of Pillow's modes, those that a format stores; it refuses the others.
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK", "YCbCr"),
    "WEBP": ("L", "LA", "P", "RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
}


def shirt(size: tuple[int, int] = (200, 240), background: str = "white") -> Image.Image:
    """A blue shirt, RGBA."""
    picture = Image.new("RGBA", size, background)
    width, height = size
    picture.paste("#3050a0", (width // 4, height // 8, max(1, 3 * width // 4), max(1, 7 * height // 8)))
    picture.paste("#203070", (width // 10, height // 8, max(1, 9 * width // 10), max(1, height // 3)))
    return picture


def in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """The picture in any mode that a file may have."""
    if mode == "I;16":
        return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    return picture.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr") else picture.convert(mode)


def interlaced(picture: Image.Image) -> bytes:
    """A PNG in the seven passes of Adam7, which Pillow reads and does not write."""
    pixels = np.asarray(picture.convert("RGB"))
    passes = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1))
    rows = (row for top, down, left, right in passes for row in pixels[top::down, left::right])
    content = png(*picture.size, 8, 2, b"".join(b"\0" + row.tobytes() for row in rows if len(row)))
    header = struct.pack(">IIBBBBB", *picture.size, 8, 2, 0, 0, 1)
    return content[:8] + chunk(b"IHDR", header) + content[33:]


def good() -> Iterator[tuple[str, bytes]]:
    """Yield files with a picture, each with a name for its special property."""
    for kind, modes in MODES.items():
        for mode in modes:
            yield f"{kind} {mode}", file_of(in_mode(shirt(), mode), kind)
        for size in SIZES if kind != "BMP" else SIZES[:-1]:  # of which the last has a megabyte
            # Lossless, so that the smallest stay what they are.
            yield f"{kind} {size}", file_of(shirt(size).convert("RGB"), kind, lossless=True)
    for kind, mode in (("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("WEBP", "RGBA"), ("GIF", "RGBA")):
        yield f"{kind} {mode} transparent", file_of(shirt(background="#0000").convert(mode), kind)
    for mode in ("1", "L", "RGB", "I;16"):
        key = {"RGB": (255, 255, 255), "I;16": 65_535}.get(mode, 255)
        yield f"PNG {mode} transparent white", file_of(in_mode(shirt(), mode), "PNG", transparency=key)
    for kind, orientation in [*(("JPEG", each) for each in range(1, 9)), ("PNG", 6), ("WEBP", 3)]:
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"{kind} orientation {orientation}", file_of(shirt().convert("RGB"), kind, exif=exif)
    yield "PNG interlaced", interlaced(shirt())
    yield "PNG with notes", notes(300)
    yield "JPEG progressive", file_of(shirt().convert("RGB"), progressive=True)
    yield "JPEG without subsampling", file_of(shirt().convert("RGB"), subsampling=0)
    yield "JPEG with damaged notes", file_of(shirt().convert("RGB"), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    yield "JPEG with a film after it", file_of(shirt().convert("RGB")) + scans(200)
    yield "MPO", file_of(shirt().convert("RGB"), "MPO", save_all=True, append_images=[shirt().convert("RGB")])
    for kind in ("PNG", "WEBP", "GIF"):
        moved = [shirt().convert("RGB").rotate(angle) for angle in (0, 30, 60)]
        yield f"{kind} animated", file_of(moved[0], kind, save_all=True, append_images=moved[1:])


def bad() -> Iterator[tuple[str, bytes]]:
    """Yield files that are refused, or that show no object."""
    plain = shirt().convert("RGB")
    yield "empty", b""
    yield "a letter", b"Dear teacher"
    yield "a page", b"<!doctype html><svg xmlns='http://www.w3.org/2000/svg'/>"
    yield "zeros", bytes(5_000)
    for kind in MODES:
        whole = file_of(plain, kind)
        yield f"{kind} truncated", whole[: len(whole) // 2]
        yield f"{kind} header", whole[:30]
        yield f"{kind} white", file_of(Image.new("RGB", (90, 90), "white"), kind)
    for kind in ("TIFF", "ICO", "PPM", "TGA", "PCX", "PDF"):
        yield kind, file_of(plain, kind)
    yield "all transparent", file_of(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG")
    yield "WebP of no picture", b"RIFF\x10\0\0\0WEBPVP8 \x04\0\0\0\0\0\0\0"
    yield "WebP, one colour", flat_webp(300)
    yield "many segments", segments(6_000)
    yield "many chunks", png_with(chunk(b"teXt") * 6_000)
    yield "many scans", scans(900)
    yield "a long text", png_with(chunk(b"zTXt", zipped(20_000_000)))
