"""Images written by hand, read back by somebody else's decoder."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.data_record import Sample
from reports.png import data_address, png

rows_of_grey = st.integers(1, 12).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 255), min_size=width, max_size=width), min_size=1, max_size=12
    )
)


@given(rows=rows_of_grey)
def test_the_pixels_come_back(rows: list[list[int]]) -> None:
    content = png(tuple(map(tuple, rows)))
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = dict(chunks_of(content[8:]))
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (width, height, depth, colour) == (len(rows[0]), len(rows), 8, 0)
    lines = zlib.decompress(chunks[b"IDAT"])
    back = [list(lines[i + 1 : i + 1 + width]) for i in range(0, len(lines), width + 1)]
    assert back == rows


def chunks_of(content: bytes) -> list[tuple[bytes, bytes]]:
    chunks = []
    while content:
        (size,) = struct.unpack(">I", content[:4])
        kind, body, check = content[4:8], content[8 : 8 + size], content[8 + size : 12 + size]
        assert struct.unpack(">I", check)[0] == zlib.crc32(kind + body)
        chunks.append((kind, body))
        content = content[12 + size :]
    return chunks


@pytest.mark.parametrize("rows", [(), ((),), ((1, 2), (3,)), ((256,),), ((-1,),)])
def test_what_is_no_image_gets_no_address(rows: tuple[tuple[int, ...], ...]) -> None:
    assert data_address(Sample("0", rows)) is None


def test_an_image_becomes_a_data_address() -> None:
    address = data_address(Sample("0", ((0, 255), (255, 0))))
    assert address is not None
    kind, _, content = address.partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content) == png(((0, 255), (255, 0)))
