"""Decompression bombs: small files that take much memory or time when they are read without a limit."""

import struct
import zlib
from collections.abc import Callable

from PIL import Image

from testing.photographs import file_of

PNG = b"\x89PNG\r\n\x1a\n"


def piece(side: int = 300) -> Image.Image:
    """A dark piece on white."""
    picture = Image.new("RGB", (side, side), "white")
    picture.paste("black", (side // 4, side // 6, side // 2, side // 2))
    return picture


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colors: int, rows: bytes, *, extra: bytes = b"") -> bytes:
    """A PNG of rows that each begin with their filter; `colors` as in its header: 0 grey, 2 red, green, blue."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colors, 0, 0, 0))
    return PNG + header + extra + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND")


def png_with(extra: bytes) -> bytes:
    """The piece, with more chunks after the header."""
    content = file_of(piece(), "PNG")
    return content[:33] + extra + content[33:]


def flat_webp(side: int) -> bytes:
    """A lossless WebP of one colour: five codes of one symbol each, and then no bit for a pixel."""
    bits = [(0x2F, 8), (side - 1, 14), (side - 1, 14), (0, 4), (0, 3), *[(0b0001, 4)] * 5]
    number, length = 0, 0
    for value, size in bits:
        number |= value << length
        length += size
    data = number.to_bytes((length + 7) // 8 + 1, "little")
    data += b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(data) + 12) + b"WEBPVP8L" + struct.pack("<I", len(data)) + data


def scans(number: int, side: int = 1000) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    content = file_of(piece(side), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * number + content[-2:]


def segments(number: int) -> bytes:
    """A JPEG with empty segments."""
    content = file_of(piece())
    return content[:2] + b"\xff\xe9\x00\x02" * number + content[2:]


def frames(kind: str, number: int) -> bytes:
    """An animation; of its frames each differs from the one before."""
    made = [Image.new("RGB", (40, 40), (97 * each % 256, each // 256, 0)) for each in range(number)]
    return file_of(made[0], kind, save_all=True, append_images=made[1:], lossless=True)


def notes(number: int) -> bytes:
    """A PNG with a table of Exif notes, each of which is all of the table."""
    size = 8 + 2 + 12 * number + 4
    entries = b"".join(struct.pack("<HHII", 0x9000 + each % 0x6000, 7, size, 0) for each in range(number))
    return png_with(chunk(b"eXIf", b"II*\0\x08\0\0\0" + struct.pack("<H", number) + entries + bytes(4)))


def rle_bmp(size: int) -> bytes:
    """A BMP of 4,000 × 4,000 pixels of which most bytes move by nothing: Pillow reads them one by one."""
    header = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54 + 1024)
    header += struct.pack("<IiiHHIIiiII", 40, 4000, 4000, 1, 8, 1, 0, 0, 0, 256, 0)
    return header + bytes(1024) + b"\0\2\0\0" * (size // 4)


def gif_comments(number: int) -> bytes:
    """A GIF with comments of one letter."""
    content = file_of(piece(), "GIF")
    start = 13 + (3 << ((content[10] & 7) + 1))
    return content[:start] + b"\x21\xfe\x01a\0" * number + content[start:]


def zipped(size: int) -> bytes:
    """So many zeros, as they are in a chunk of text or colors, after its name."""
    return b"a\0\0" + zlib.compress(bytes(size))


BOMBS: dict[str, Callable[[], bytes]] = {
    "WebP, 7,745 × 7,745 of one colour": lambda: flat_webp(7745),
    "WebP, 16,383 × 16,383 of one colour": lambda: flat_webp(16_383),
    "WebP, 8,000,000 pixels of one colour": lambda: flat_webp(2828),
    "PNG, 1 × 60,000,000": lambda: png(1, 60_000_000, 1, 0, bytes(120_000_000)),
    "PNG, 15,000 × 15,000 grey": lambda: png(15_000, 15_000, 1, 0, bytes(15_000 * 1_876)),
    "PNG, 4,000 × 4,000 of 64 bits": lambda: png(4000, 4000, 16, 6, bytes(4000 * 32_001)),
    "PNG, 1,000 × 1,000 of 64 bits": lambda: png(1000, 1000, 16, 6, bytes(1000 * 8_001)),
    "PNG, a text of 200 MB": lambda: png_with(chunk(b"zTXt", zipped(200_000_000))),
    "PNG, 250 texts of 1 MB": lambda: png_with(chunk(b"zTXt", zipped(1_000_000)) * 250),
    "PNG, a colour profile of 200 MB": lambda: png_with(chunk(b"iCCP", zipped(200_000_000))),
    "PNG, 24,000 chunks": lambda: png_with(chunk(b"teXt") * 24_000),
    "PNG, 2,500,000 chunks": lambda: png_with(chunk(b"IDAT") * 2_500_000),
    "PNG, 20,000 Exif notes of 240 kB": lambda: notes(20_000),
    "PNG, 3,000 frames": lambda: frames("PNG", 3_000),
    "WebP, 3,000 frames": lambda: frames("WEBP", 3_000),
    "GIF, 1,000 frames": lambda: frames("GIF", 1_000),
    "GIF, 50,000 comments": lambda: gif_comments(50_000),
    "GIF, 6,000,000 comments": lambda: gif_comments(6_000_000),
    "BMP, 1 MB of nothing": lambda: rle_bmp(990_000),
    "BMP, 32 MB of nothing": lambda: rle_bmp(31_900_000),
    "JPEG, 2,000 scans": lambda: scans(2_000),
    "JPEG, 4,000 × 4,000 in 10 scans": lambda: file_of(piece(4_000), progressive=True, subsampling=0),
    "JPEG, 70,000 segments": lambda: segments(70_000),
    "JPEG, 7,000,000 segments": lambda: segments(7_000_000),
}
