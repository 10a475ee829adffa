"""Read CSV, TSV and their kind: the text is decoded here, and pyarrow splits it into cells."""

import codecs
import io
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.tables.cells import TextCells, text_cells
from study.data.tables.text_form import TextForm, as_tabs, find_form

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_COLUMNS = 100_000
_LARGEST_BLOCK = 2**31 - 1
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)


def read_text_table(content: bytes, where: str) -> tuple[list[TextCells], tuple[str, ...]]:
    """Return the columns of a text table, and a line on each thing that was concluded.

    Raises FaultError where it is none.
    """
    text, encoding = decoded(content, where)
    form = find_form(text, where)
    notes = [] if encoding == "utf-8" else [f"the text is read as {encoding}"]
    if not form.has_header:
        notes.append("there is no header line: the columns are called column 1, column 2, ...")
    if not form.delimiter:
        text = as_tabs(text)
    return split_cells(text, form, where), tuple(notes)


def decoded(content: bytes, where: str) -> tuple[str, str]:
    """Return bytes as text, and the encoding's name; raises FaultError where it is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), "utf-8" if mark == codecs.BOM_UTF8 else encoding
            except UnicodeDecodeError as error:
                raise fault(where, f"no {encoding} text", error.reason) from error
    if b"\0" in content:
        raise fault(where, "no table: the file is no text", allowed=FORMS)
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


FORMS = "a table (CSV, TSV, Parquet, Arrow, ARFF), .npz, .mat, IDX files, or a folder of images"


def split_cells(
    text: str, form: TextForm, where: str, escape: str | bool = False
) -> list[TextCells]:
    """Return the columns of a text in a known form; raises FaultError for rows of other lengths.

    Within a cell, a quote stands after the sign `escape`; without one it is written twice.
    """
    if len(form.names) > _MOST_COLUMNS:
        raise fault(where, "too many columns", f"{len(form.names):,}", f"{_MOST_COLUMNS:,}")
    wrong: list[arrow_csv.InvalidRow] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    content = text.encode("utf-8", "surrogatepass")
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            arrow_csv.ReadOptions(
                use_threads=False,
                block_size=min(len(content) + 1024, _LARGEST_BLOCK),
                column_names=form.names,
                skip_rows_after_names=int(form.has_header),
            ),
            arrow_csv.ParseOptions(
                delimiter=form.delimiter or "\t",
                quote_char=form.quote,
                escape_char=escape,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(form.names, pa.dictionary(pa.int32(), pa.string())),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, ValueError, OverflowError, MemoryError) as error:
        raise fault(where, f"the table cannot be read: {str(error).splitlines()[0]}") from error
    if wrong:
        lines = ", ".join(str(row.number) for row in wrong[:5])
        rest = f" and {len(wrong) - 5:,} more" if len(wrong) > 5 else ""
        got = f"line {lines}{rest} ({wrong[0].actual_columns} in the first of them)"
        raise fault(where, "lines with another number of cells", got, f"{len(form.names)} cells")
    commas = form.delimiter != ","
    return [_column(name, table.column(name), commas) for name in form.names]


def _column(name: str, chunked: pa.ChunkedArray, decimal_commas: bool) -> TextCells:
    array = chunked.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    texts = array.dictionary.to_pylist()
    codes: NDArray[np.int32] = array.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    cells = text_cells(name, texts, codes)
    return _with_points(cells) if decimal_commas else cells


def _with_points(cells: TextCells) -> TextCells:
    """Return numbers that are written with a decimal comma, as 1,5 is, with a point."""
    if not any(map(_DECIMAL_COMMA.fullmatch, cells.texts)):
        return cells
    points = [text.replace(",", ".", 1) for text in cells.texts]
    codes = np.arange(len(points), dtype=np.int32)
    as_points = text_cells(cells.name, points, codes)
    if np.isinf(as_points.numbers()).any():
        return cells
    table = np.append(as_points.codes, np.int32(-1))
    return TextCells(cells.name, table[cells.codes], as_points.texts)
