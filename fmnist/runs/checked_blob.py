"""A column of bytes that notices damage: the content's CRC-32 is stored behind it, and checked when it is read."""

import zlib

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from fmnist.errors import DamagedRun

CHECKSUM_BYTES = 4


class CheckedBlob(TypeDecorator[bytes]):
    """Bytes, or None. To read them raises DamagedRun where they are not what was written.

    The checksum comes last, so that a part of the content is found at its own offset. A part read alone is unchecked.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Add the checksum."""
        return None if value is None else value + _checksum(value)

    def process_result_value(self, value: object, dialect: Dialect) -> bytes | None:
        """Check and remove the checksum."""
        if value is None:
            return None
        if not isinstance(value, bytes):  # a column of SQLite may hold any type
            raise damaged_content()
        content, checksum = value[:-CHECKSUM_BYTES], value[-CHECKSUM_BYTES:]
        if checksum != _checksum(content):
            raise damaged_content()
        return content


def damaged_content() -> DamagedRun:
    """Return the error for stored bytes that are not what was written."""
    return DamagedRun(
        "These numbers of the run are damaged in the store, so nothing is drawn from them. Its other epochs and all "
        "other runs are not affected; to have these numbers again, train the run anew."
    )


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(CHECKSUM_BYTES, "little")
