"""Read ARFF, the form of Weka and OpenML: attributes with types, then rows between commas."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from search_spaces.faults import fault
from study.data.tables.cells import TextCells
from study.data.tables.text_form import TextForm
from study.data.tables.text_table import decoded, split_cells

_NAME = r"""(?P<name>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s'"{]+)"""
_ATTRIBUTE = re.compile(rf"@attribute\s+{_NAME}\s*(?P<type>.+)", re.IGNORECASE)
_HEAD = re.compile(r"\s*(%[^\n]*\n\s*)*@relation\b", re.IGNORECASE)
# A quote begins a cell only where it is the first sign after the comma.
_BEFORE_QUOTE = re.compile(r""",[ \t]+(?=['"])""")
_HEAD_BYTES = 1 << 16
_TYPES = ("numeric", "real", "integer", "string", "date")


@dataclass(frozen=True)
class _Attribute:
    name: str
    is_category: bool


def is_arff(head: bytes) -> bool:
    """Tell whether a file that begins so is ARFF."""
    return _HEAD.match(head[:_HEAD_BYTES].decode("latin-1")) is not None


def read_arff(content: bytes, where: str) -> list[TextCells]:
    """Return the columns; nominal ones are categories, whatever their values look like.

    Raises FaultError where the file is none, or has sparse rows.
    """
    text, _ = decoded(content, where)
    attributes, rows = _parts(text, where)
    if not attributes:
        raise fault(where, "no @attribute line", allowed="one for each column")
    names = tuple(one.name for one in attributes)
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise fault(where, "columns of the same name", ", ".join(twice), "a name for each column")
    if not rows:
        raise fault(where, "no rows after @data")
    if rows[0].lstrip().startswith("{"):
        raise fault(where, "sparse rows, which are not read", rows[0], "rows with every value")
    quote = '"' if any('"' in row for row in rows) else "'"
    form = TextForm(",", names, has_header=False, quote=quote)
    lines = "\n".join(_BEFORE_QUOTE.sub(",", row) for row in rows)
    cells = split_cells(lines, form, where, "\\")
    return [
        replace(one, is_category=own.is_category)
        for one, own in zip(cells, attributes, strict=True)
    ]


def _parts(text: str, where: str) -> tuple[list[_Attribute], list[str]]:
    attributes: list[_Attribute] = []
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        bare = line.strip()
        if bare.lower().startswith("@data"):
            rest = (line for _, line in lines)
            return attributes, [one for one in rest if one.strip() and one.lstrip()[0] != "%"]
        if bare.lower().startswith("@attribute"):
            attributes.append(_attribute(bare, f"{where}, line {number}"))
        elif bare and bare[0] != "%" and not bare.lower().startswith("@relation"):
            raise fault(f"{where}, line {number}", "no ARFF declaration", bare, "@attribute, @data")
    raise fault(where, "no @data line")


def _attribute(line: str, where: str) -> _Attribute:
    found = _ATTRIBUTE.fullmatch(line)
    kind = found["type"].strip() if found else ""
    is_category = kind.startswith("{")
    if found is None or not (is_category or kind.split()[0].lower() in _TYPES):
        raise fault(
            where, "no attribute", line, f"a name, then one of {', '.join(_TYPES)}, {{...}}"
        )
    name = found["name"]
    bare = re.sub(r"\\(.)", r"\1", name[1:-1]) if name[0] in "'\"" else name
    return _Attribute(bare, is_category)
