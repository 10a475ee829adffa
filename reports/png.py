"""Small grey images as PNG data addresses."""

import base64
import struct
import zlib

from reports.data_record import Sample


def png(rows: tuple[tuple[int, ...], ...]) -> bytes:
    """Write rows of grey levels 0-255 as an 8-bit PNG file (ISO/IEC 15948)."""
    width, height = len(rows[0]), len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    # Each line begins with its filter, here none.
    lines = b"".join(b"\x00" + bytes(row) for row in rows)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def data_address(sample: Sample) -> str | None:
    """Return a sample as a data address; None where it is no image of even rows."""
    widths = {len(row) for row in sample.rows}
    if not sample.rows or len(widths) != 1 or 0 in widths:
        return None
    if any(not 0 <= level <= 255 for row in sample.rows for level in row):
        return None
    return "data:image/png;base64," + base64.b64encode(png(sample.rows)).decode()
