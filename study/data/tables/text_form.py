"""Find out how a text of lines is a table: its delimiter, its header and its columns' names."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from search_spaces.faults import fault
from study.data.tables.cells import is_number

# In the order of preference where several fit equally well.
_DELIMITERS = ("\t", ";", "|", ",", "^", "~", ":")
_LOOKED_AT = 200
# What part of the rows must have the same number of cells for a delimiter to be it.
_SAME = 0.8
_LONGEST_LINE = 1 << 20
_SPACES = re.compile(r"[ \t]+")
# A line of cells that are all in single quotes, as some programs write names.
_ALL_SINGLE = re.compile(r"'[^'\"]*'(?:[\t;|,^~: ]+'[^'\"]*')+")


@dataclass(frozen=True)
class TextForm:
    """How to read a text: its delimiter ("" for any run of spaces), columns, and header or none.

    `quote` is the sign around a cell that holds the delimiter.
    """

    delimiter: str
    names: tuple[str, ...]
    has_header: bool
    quote: str = '"'


def find_form(text: str, where: str) -> TextForm:
    """Return the form of a text table; raises FaultError where it has none."""
    lines = _first_lines(text)
    if not lines:
        raise fault(where, "the table is empty")
    quote = _quote(lines[0])
    signs = (*_DELIMITERS, "")
    found = [one for sign in signs if (one := _share(lines, sign, quote)) is not None]
    if not found:
        what = "no table: no delimiter gives its lines the same number of cells, two or more"
        raise fault(where, what, lines[0], "lines of cells between commas, tabs or the like")
    share = max(share for share, _ in found)
    delimiter = next(sign for one, sign in found if one == share)
    rows = split_lines(lines, delimiter, quote)
    has_header = _is_header(rows)
    names = tuple(name.strip() for name in rows[0]) if has_header else ()
    width = len(rows[0])
    numbered = tuple(f"column {place}" for place in range(1, width + 1))
    # The first column's name is often missing: that of the rows' own numbers.
    names = tuple(name or other for name, other in zip(names or numbered, numbered, strict=True))
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise fault(where, "columns of the same name", ", ".join(twice), "a name for each column")
    return TextForm(delimiter, names, has_header, quote)


def split_lines(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """Return the cells of lines; a quoted cell may hold the delimiter."""
    if not delimiter:
        rows = (_SPACES.split(line.strip()) for line in lines)
        return [[_unquoted(cell, quote) for cell in row] for row in rows]
    return [row for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if row]


def _quote(header: str) -> str:
    """Return the sign that quotes the cells of a header line: ' where each of its texts has it."""
    return "'" if _ALL_SINGLE.fullmatch(header.strip()) else '"'


def _unquoted(cell: str, quote: str) -> str:
    """Return a cell without the signs around it."""
    is_quoted = len(cell) > 1 and cell.startswith(quote) and cell.endswith(quote)
    return cell[1:-1] if is_quoted else cell


def as_tabs(text: str) -> str:
    """Return a text whose cells stand between spaces with tabs between them."""
    return "\n".join("\t".join(_SPACES.split(line.strip())) for line in text.splitlines())


def _first_lines(text: str) -> list[str]:
    head = text[:_LONGEST_LINE]
    lines = head.splitlines()
    if len(text) > len(head) and len(lines) > 1:
        del lines[-1]  # it may be cut
    return [line for line in lines if line.strip()][:_LOOKED_AT]


def _share(lines: list[str], delimiter: str, quote: str) -> tuple[float, str] | None:
    try:
        widths = Counter(map(len, split_lines(lines, delimiter, quote)))
    except csv.Error:
        return None
    width, count = widths.most_common(1)[0]
    share = count / sum(widths.values())
    return (share, delimiter) if width > 1 and share >= _SAME else None


def _is_header(rows: list[list[str]]) -> bool:
    first, others = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    cells = [cell.strip() for cell in first]
    if not rows[1:]:
        return all(cells) and not any(map(is_number, cells))
    if len(set(cells)) < len(cells) or not all(cells[1:]) or not others:
        return _names_twice(cells, others)
    numeric = [sum(is_number(row[place]) for row in others) for place in range(len(first))]
    if not any(is_number(cell) for cell in cells):
        return True
    mostly = 0.9 * len(others)
    return any(
        not is_number(cell) and count >= mostly for cell, count in zip(cells, numeric, strict=True)
    )


def _names_twice(cells: list[str], others: list[list[str]]) -> bool:
    """Tell whether a line that has a text twice is a header nevertheless, over numbers alone."""
    return (
        bool(others)
        and all(cells)
        and not any(map(is_number, cells))
        and all(is_number(cell) for row in others for cell in row[:-1])
    )
