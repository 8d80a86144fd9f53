"""The parts of a picture file, found without decoding: each costs time, however few bytes it has."""

import re
import struct
from collections.abc import Iterator
from itertools import repeat

# Each scan of a JPEG goes over all its pixels.
SCAN = b"\xda"
# As libjpeg finds the next marker: an FF before 00 is one of the pixels' bytes, D0 to D7 restart them, FFs fill up.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
_END = b"\xd9"
_WITHOUT_LENGTH = (b"\x01", b"\xd8")


def parts(content: bytes) -> Iterator[bytes]:
    """Yield the kinds of the chunks of a PNG or WebP, or of the segments of a JPEG; of any other file none."""
    if content.startswith(b"\x89PNG"):
        return _png_chunks(content)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_segments(content)
    if content.startswith(b"RIFF"):
        return _riff_chunks(content)
    return iter(())


def _png_chunks(content: bytes) -> Iterator[bytes]:
    position, kind = 8, b""
    while position + 8 <= len(content) and kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, position)
        yield kind
        position += 12 + length


def _riff_chunks(content: bytes) -> Iterator[bytes]:
    """Yield chunks, among them the frames of an animation, whose inner chunks are of a fixed number."""
    position = 12
    while position + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, position)
        yield kind
        position += 8 + length + length % 2


def _jpeg_segments(content: bytes) -> Iterator[bytes]:
    position, kind, in_header = 2, b"", True
    while kind != _END and (found := _MARKER.search(content, position)):
        if in_header:  # where Pillow looks for the marker byte by byte
            yield from repeat(b"", found.start() - position)
        kind, position = found[1], found.end()
        yield kind
        in_header = in_header and kind != SCAN
        if kind not in _WITHOUT_LENGTH and position + 2 <= len(content):
            position += int.from_bytes(content[position : position + 2])
