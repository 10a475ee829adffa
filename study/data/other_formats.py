"""Recognise files that hold data in a form that is not read, and say what can be done."""

import json
import zipfile
from pathlib import Path

from search_spaces.faults import FaultError, fault
from study.data.broken_archives import BROKEN

# So many bytes tell what a file is.
_LOOKED_AT = 1 << 16
_ZIP = b"PK\x03\x04"
_AS_CSV = "a table as CSV or Parquet"
# How a file begins, what it is, and what is read in its place.
_BEGINNINGS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook of the old kind", _AS_CSV),
    (b"SQLite format 3\0", "an SQLite database", _AS_CSV),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "its arrays in an .npz file, or a table as Parquet"),
    (b"\x89PNG\r\n\x1a\n", "one image", "a folder of images: class/name.png"),
    (b"\xff\xd8\xff", "one image", "a folder of images: class/name.jpg"),
    (b"%PDF-", "a PDF document", _AS_CSV),
    (b"\x93NUMPY", "one array of numpy", "inputs and labels in an .npz file (numpy.savez)"),
)


def is_npz(path: Path, head: bytes) -> bool:
    """Tell whether a file that begins with `head` is to be read as one of numpy's archives."""
    if path.suffix == ".npz":
        return True
    return head.startswith(_ZIP) and any(name.endswith(".npy") for name in _members(path))


def refuse_other_format(path: Path, head: bytes, where: str) -> None:
    """Raise FaultError where a file is of a known kind that is not read; `head` is its beginning.

    Whatever is not recognised passes: its reader says what is wrong.
    """
    head = head[:_LOOKED_AT]  # it may be the whole of a large file
    for beginning, kind, instead in _BEGINNINGS:
        if head.startswith(beginning):
            raise _not_read(where, kind, instead)
    if head.startswith(_ZIP):
        names = _members(path)
        if "xl/workbook.xml" in names:
            raise _not_read(where, "an Excel workbook", _AS_CSV)
        held = f" of {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}" if names else ""
        raise _not_read(where, f"a zip archive{held}", "the file inside, unpacked")
    if path.suffix.lower() in {".json", ".jsonl", ".ndjson"} or _is_json(head):
        raise _not_read(where, "JSON", _AS_CSV)
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        what = "this is a pickle, which is not read: to open one runs what stands in it"
        raise fault(where, what, allowed="arrays in an .npz file, or a table as CSV or Parquet")


def _not_read(where: str, kind: str, instead: str) -> FaultError:
    return fault(where, f"this is {kind}, which is not read", allowed=instead)


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except BROKEN:
        return []


def _is_json(head: bytes) -> bool:
    """Tell whether a text begins as a list or an object of JSON; a table's line does not."""
    first = head.lstrip()[:1]
    if first not in {b"[", b"{"}:
        return False
    line = head.strip().splitlines()[0]
    return line in {b"[", b"{"} or line.startswith(b"[{") or _parses(line)


def _parses(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
