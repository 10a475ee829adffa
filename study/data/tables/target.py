"""The column of a table that holds the classes."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault, fault
from study.data.tables.cells import Cells, TextCells

# A table whose classes nobody named has them in a column of such a name, where there is only one.
_NAMES = ("target", "label", "class", "y")
# More different fractions than this are measured values, not classes.
_MOST_FRACTIONS = 20


def target_name(cells: Mapping[str, Cells], where: str) -> str:
    """Return the column that is surely meant by its name; raises FaultError where none is."""
    found = [name for name in cells if name.strip().lower() in _NAMES]
    if len(found) == 1:
        return found[0]
    names = ", ".join([*cells][:20])
    what = "which column holds the classes is not said"
    raise fault(where, what, f"columns {names}", "--target COLUMN")


def class_names(target: Cells, where: str) -> TextCells:
    """Return the column with each cell's class as its text; whole numbers are written as such.

    Raises FaultError where the values are measured rather than classes.
    """
    numbers, words = target.numbers(), target.words()
    present = ~target.missing()
    if target.is_category or np.isinf(numbers).any() or _has_flags(words):
        return words
    distinct = np.unique(numbers[present])
    is_whole = bool((np.floor(distinct) == distinct).all())
    if not is_whole and len(distinct) > _MOST_FRACTIONS:
        what = "the target holds measured numbers, as in a regression; this program classifies"
        raise fault(where, what, f"{len(distinct):,} different numbers", "a column of classes")
    if not is_whole or _has_leading_zeros(words):
        return words
    codes = np.full(target.n, -1, dtype=np.int32)
    codes[present] = np.searchsorted(distinct, numbers[present])
    return TextCells(target.name, codes, tuple(str(int(one)) for one in distinct))


def encode_classes(
    target: TextCells, rows: NDArray[np.intp]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return labels (n,) and the names of the classes of these rows, -1 for any other class.

    Whole numbers are sorted by value, text by code.
    """
    used = {target.texts[code] for code in np.unique(target.codes[rows]) if code >= 0}
    names = tuple(sorted(used, key=_by_value if all(map(_is_whole, used)) else str))
    places = {name: place for place, name in enumerate(names)}
    table = np.array([*(places.get(text, -1) for text in target.texts), -1], dtype=np.int32)
    return table[target.codes], names


def class_faults(names: tuple[str, ...], counts: NDArray[np.intp], where: str) -> list[Fault]:
    """Return what keeps the classes of the training rows from being distinguished."""
    rows = int(counts.sum())
    if len(names) < 2:
        got = repr(names[0]) if names else "none"
        return [Fault(where, "only one class", got, "at least two classes")]
    if len(names) > max(2, rows // 2):
        what = "hardly any class has two rows: is it a column of names?"
        return [Fault(where, what, f"{len(names):,} classes in {rows:,} training rows")]
    hidden = [name for name in names if not name.isprintable()]
    if hidden:
        listed = ", ".join(map(repr, hidden[:5]))
        return [Fault(where, "labels with unprintable characters", listed)]
    return []


def _has_flags(target: TextCells) -> bool:
    return any(text.lower() in ("true", "false") for text in target.texts)


def _has_leading_zeros(target: TextCells) -> bool:
    bare = [text.lstrip("+-") for text in target.texts]
    return any(len(text) > 1 and text[0] == "0" and text.isdigit() for text in bare)


def _is_whole(text: str) -> bool:
    bare = text.removeprefix("-")
    return bare.isascii() and bare.isdigit() and len(bare) <= 18


def _by_value(text: str) -> tuple[int, str]:
    return int(text), text
