"""Malformed tables and folders: one message each, exit code 1, and nothing is left behind."""

import gzip
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from search_spaces.data_source import DataOptions
from search_spaces.faults import FaultError
from study.cli import exit_code
from study.data.own_data import read_own_data

LIMIT = 1_000_000
ROWS = "\n".join(f"{row}.5,{'ab'[row % 2]}" for row in range(30))
GOOD = f"x,label\n{ROWS}\n"


def parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pa.parquet.write_table(table, stream)
    return stream.getvalue()


def feather(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pa.feather.write_feather(table, stream)
    return stream.getvalue()


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, GOOD)
    return stream.getvalue()


TABLE = pa.table({"x": [row + 0.5 for row in range(30)], "label": ["a", "b"] * 15})
PNG = b"\x89PNG\r\n\x1a\n"


def arff(
    rows: str, head: str = "@relation r\n@attribute x numeric\n@attribute label {a,b}\n"
) -> str:
    return f"{head}@data\n{rows}"


# Files by what is wrong with them, and a part of the message.
FILES: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "the table is empty"),
    "blank lines": ("\n \n\n", "the table is empty"),
    "one column": ("x\n1\n2\n", "no table: no delimiter"),
    "prose": ("It was a dark night.\nAnd then\nit rained on, and on.\n", "no table"),
    "a header alone": ("x,label\n", "the table has no rows"),
    "columns of one name": ("x,x,label\n1,2,a\n3,4,b\n", "columns of the same name; got x"),
    "a longer line": (f"{GOOD}1,a,3\n", "lines with another number of cells"),
    "a shorter line": (f"{GOOD}1\n", "lines with another number of cells"),
    "an open quote": (f'{GOOD}"1,a\n', "lines with another number of cells"),
    "a null byte": (b"x,label\n1,a\0\n2,b\n", "the file is no text"),
    "bytes of no kind": (bytes(range(256)) * 40, "the file is no text"),
    "half of UTF-16": (b"\xff\xfex", "no utf-16 text"),
    "a broken mark": (b"\xef\xbb\xbfx,label\n\xff,a\n", "no utf-8-sig text"),
    "one class": ("x,label\n" + "1.5,a\n2.5,a\n" * 5, "only one class"),
    "no class at all": ("x,label\n1.5,\n2.5,\n3.5,NA\n", "no class has two examples"),
    "a class a row": (
        "x,label\n" + "\n".join(f"{r % 3},n{r}" for r in range(9)),
        "no class has two",
    ),
    "a regression": (
        "x,label\n" + "\n".join(f"{r},{r}.5" for r in range(40)),
        "as in a regression",
    ),
    "no input": ("label,more\n" + "a,1\nb,1\n" * 9, "no column is left to predict from"),
    "numbers beyond": (f"{GOOD}1e300,a\n1e301,b\n1e302,a\n" * 1, "numbers beyond single precision"),
    "a class that escapes": ("x,label\n" + "1.5,a\x1b[2J\n2.5,b\n" * 9, "unprintable characters"),
    "a name that escapes": ("x\x1b[2J,label\n" + "1.5,a\n2.5,b\n" * 9, "without a printable name"),
    "cut gzip": (gzip.compress(GOOD.encode() * 9)[:-20], "the file cannot be read"),
    "a changed gzip": (gzip.compress(GOOD.encode())[:-8] + b"12345678", "the file cannot be read"),
    "a gzip of zeros": (gzip.compress(bytes(2000)), "the file is no text"),
    "cut Parquet": (parquet(TABLE)[:-30], "the file cannot be read as Parquet"),
    "Parquet's mark alone": (b"PAR1", "the file cannot be read as Parquet"),
    "Parquet between marks": (b"PAR1" + bytes(100) + b"PAR1", "the file cannot be read as Parquet"),
    "Parquet without rows": (parquet(TABLE[:0]), "the table has no rows"),
    "Parquet with lists alone": (
        parquet(pa.table({"x": [[1], [2]], "y": [[1], [2]]})),
        "the table has no rows",
    ),
    "Parquet with infinite numbers": (
        parquet(
            pa.table({"x": [float("inf")] + [1.0, 2.0] * 10, "label": ["a"] + ["a", "b"] * 10})
        ),
        "infinite values",
    ),
    "cut Arrow": (feather(TABLE)[:-30], "the file cannot be read as Arrow"),
    "Arrow's mark alone": (b"ARROW1\0\0", "the file cannot be read as Arrow"),
    "ARFF without data": ("@relation r\n@attribute x numeric\n", "no @data line"),
    "ARFF without rows": (arff(""), "no rows after @data"),
    "ARFF without attributes": (arff("1,a\n", "@relation r\n"), "no @attribute line"),
    "ARFF of an unknown type": (arff("1", "@relation r\n@attribute x blob\n"), "no attribute"),
    "ARFF with sparse rows": (arff("{0 1, 1 a}\n"), "sparse rows"),
    "ARFF with short rows": (arff("1,a\n2\n3,b\n"), "lines with another number of cells"),
    "ARFF with a name twice": (
        arff("1,a\n", "@relation r\n@attribute x numeric\n@attribute x {a}\n"),
        "columns of the same name",
    ),
    "one image": (PNG + bytes(100), "this is one image, which is not read; allowed: a folder of"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "this is an HDF5 file, which is not read"),
    "a broken zip": (b"PK\x03\x04" + bytes(100), "this is a zip archive, which is not read"),
    "a zip that is no npz": (
        zipped("a.csv", "b.csv"),
        "this is a zip archive of a.csv, b.csv, which is not read; allowed: the file inside",
    ),
    "Excel": (zipped("xl/workbook.xml"), "this is an Excel workbook, which is not read"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook of the old kind"),
    "SQLite": (b"SQLite format 3\0" + bytes(100), "this is an SQLite database"),
    "a list of JSON": ('[\n  {"x": 1, "label": "a"}\n]\n', "this is JSON, which is not read"),
    "lines of JSON": ('{"x": 1, "label": "a"}\n' * 9, "this is JSON, which is not read"),
    "a pickle": (b"\x80\x04\x95" + bytes(20), "this is a pickle, which is not read"),
}


def image(path: Path, size: tuple[int, int] = (3, 3)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, 7).save(path, "PNG")


def good_images(folder: Path) -> None:
    for place in range(4):
        image(folder / "a" / f"{place}.png")
        image(folder / "b" / f"{place}.png")


def with_file(name: str, content: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        good_images(folder)
        (folder / name).write_bytes(content)

    return make


def huge_head() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (1, 1)).save(stream, "PNG")
    content = bytearray(stream.getvalue())
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def split_alone(folder: Path) -> None:
    image(folder / "train" / "a" / "1.png")
    image(folder / "train" / "b" / "1.png")


def strange_class(folder: Path) -> None:
    split_alone(folder)
    image(folder / "test" / "c" / "1.png")


def idx(folder: Path) -> None:
    head = struct.pack(">BBBB3I", 0, 0, 8, 3, 4_000_000, 28, 28)
    (folder / "train-images-idx3-ubyte").write_bytes(head)
    (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">BBBBI", 0, 0, 8, 1, 0))


def npz(folder: Path) -> None:
    np.savez(folder / "X.npz", X=np.zeros(3), y=np.zeros(4))


FOLDERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "nothing": (lambda _: None, "neither images nor IDX files"),
    "folders of nothing": (lambda folder: (folder / "a").mkdir(), "neither images nor IDX files"),
    "files alone": (npz, "neither images nor IDX files"),
    "one class": (lambda folder: image(folder / "a" / "1.png"), "only one class"),
    "training images alone": (split_alone, "there is a folder train, and none test"),
    "a class of test images": (strange_class, "classes of test images that no training image has"),
    "text for an image": (with_file("a/9.png", b"text"), "no readable image"),
    "nothing for an image": (with_file("a/9.png", b""), "no readable image"),
    "an image of 3.6 thousand million pixels": (with_file("a/9.png", huge_head()), "image"),
    "one image a class": (
        lambda folder: (image(folder / "a" / "1.png"), image(folder / "b" / "1.png"), None)[2],
        "no class has two examples",
    ),
    "idx files that promise more than they hold": (idx, "it holds 0 of 3,136,000,000 bytes"),
}


def check(path: Path, capsys: pytest.CaptureFixture[str], folder: Path) -> str:
    before = sorted(folder.rglob("*"))
    assert exit_code(["data", "check", str(path), *(["--target", "label"] * path.is_file())]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert len(said.err) < 2100
    assert all(one.isprintable() for one in said.err.splitlines())
    assert sorted(folder.rglob("*")) == before
    return said.err


@pytest.mark.parametrize("case", FILES)
def test_a_malformed_file_is_one_message(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, part = FILES[case]
    path = tmp_path / "given"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = check(path, capsys, tmp_path)
    assert part in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("case", FOLDERS)
def test_a_malformed_folder_is_one_message(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, part = FOLDERS[case]
    folder = tmp_path / "given"
    folder.mkdir()
    make(folder)
    assert part in check(folder, capsys, tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "given")
    assert "not a regular file" in check(tmp_path / "given", capsys, tmp_path)


def test_a_table_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"x,label\n" + b"1,a\n" * 1_000_000))
    with pytest.raises(FaultError, match="it unpacks to more than 1,000,000 bytes"):
        read_own_data(tmp_path / "bomb.csv.gz", DataOptions("label"), LIMIT)


@pytest.mark.parametrize(
    "content", [GOOD.encode(), parquet(TABLE), feather(TABLE), arff("1,a\n").encode()]
)
@given(st.data())
def test_any_damage_is_a_fault_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(damaged)))
    path = tmp_path_factory.mktemp("damage") / "given"
    path.write_bytes(damaged[:end])
    try:
        read_own_data(path, DataOptions("label"), LIMIT)
    except FaultError as error:
        assert len(str(error)) <= 2000  # noqa: PT017 any fault will do
