import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from search_spaces.faults import FaultError
from study.data.idx import IDX_FILES, parse_idx, read_idx_folder


def packed(head: bytes, *axes: int, content: bytes = b"") -> bytes:
    # Without a time: a test is named by its bytes, and processes that share the work must agree.
    return gzip.compress(head + struct.pack(f">{len(axes)}I", *axes) + content, mtime=0)


@given(some.arrays(np.uint8, some.array_shapes(max_dims=4, min_side=0)))
def test_an_array_written_as_idx_comes_back(array: np.typing.NDArray[np.uint8]) -> None:
    head = bytes([0, 0, 8, array.ndim])
    parsed = parse_idx(packed(head, *array.shape, content=array.tobytes()), 10_000_000)
    np.testing.assert_array_equal(parsed, array)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an idx file of unsigned bytes"),
        (gzip.compress(b"\0\0", mtime=0), "not an idx file of unsigned bytes"),
        (packed(b"\0\0\x0d\x01", 2, content=b"ab"), "not an idx file of unsigned bytes"),
        (packed(b"\0\0\x08\x03", 2), "not an idx file of unsigned bytes"),
        (packed(b"\0\0\x08\x01", 3, content=b"ab"), "it holds 2 of 3 bytes"),
        (packed(b"\0\0\x08\x01", 1, content=b"ab"), "it holds 2 of 1 bytes"),
        (
            packed(b"\0\0\x08\x03", *[2**32 - 1] * 3),
            "it holds 0 of 79,228,162,458,924,105,385,300,197,375 bytes",
        ),
        (packed(b"\0\0\x08\x01", 5000, content=bytes(5000)), "it unpacks to more than 1,000 bytes"),
    ],
)
def test_what_is_no_idx_file_of_bytes_is_reported(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match="bytes") as caught:
        parse_idx(content, 1_000)
    assert str(caught.value) == message


def test_every_unreadable_file_of_a_folder_is_reported(tmp_path: Path) -> None:
    for filename in list(IDX_FILES.values())[1:]:
        (tmp_path / filename).write_bytes(b"no gzip")
    whole = gzip.compress(bytes(100))
    (tmp_path / IDX_FILES["y_test"]).write_bytes(whole[:-12])
    with pytest.raises(FaultError) as caught:
        read_idx_folder(tmp_path, 10_000)
    what = "the file cannot be read"
    cut = "Compressed file ended before the end-of-stream marker was reached"
    missing = tmp_path / IDX_FILES["x_train"]
    assert str(caught.value).splitlines() == [
        f"{missing}: the file cannot be read: No such file or directory",
        f"{tmp_path / IDX_FILES['y_train']}: {what}: Not a gzipped file (b'no')",
        f"{tmp_path / IDX_FILES['x_test']}: {what}: Not a gzipped file (b'no')",
        f"{tmp_path / IDX_FILES['y_test']}: {what}: {cut}",
    ]


@given(st.binary(max_size=60))
def test_any_bytes_give_an_array_or_one_of_the_known_errors(content: bytes) -> None:
    packed_content = gzip.compress(b"\0\0\x08" + content)
    try:
        array = parse_idx(packed_content, 100_000)
    except ValueError:
        return
    assert array.tobytes() == content[1 + 4 * array.ndim :]
