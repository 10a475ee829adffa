"""The cells of a table as they were read, column by column, before anything is made of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# What stands for a missing cell: pandas's words, and the question mark of older collections.
MISSING = frozenset(
    {"", "?", "na", "n/a", "#n/a", "#na", "nan", "-nan", "null", "none", "<na>", "nil"}
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_FLAGS = {"true": 1.0, "false": 0.0}
_DATE = re.compile(
    r"(?P<y>\d{4})[-/](?P<m>\d{2})[-/](?P<d>\d{2})"
    r"(?P<rest>[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_DOTTED = re.compile(r"(?P<d>\d{2})\.(?P<m>\d{2})\.(?P<y>\d{4})", re.ASCII)
# A float64 holds whole numbers up to here: what is longer is a name rather than a number.
_EXACT = 2.0**53
# NaN is a missing cell; this stands for one that is something else than what is asked for.
OTHER = np.inf


class Cells(Protocol):
    """One column of a table; `is_category` holds where the file says that its values are names."""

    @property
    def name(self) -> str:
        """Return the column's name."""

    @property
    def is_category(self) -> bool:
        """Tell whether even numbers are mere names."""

    @property
    def n(self) -> int:
        """Return the number of rows."""

    def take(self, rows: NDArray[np.intp]) -> "Cells":
        """Return the cells of these rows."""

    def missing(self) -> NDArray[np.bool_]:
        """Tell which cells are missing (n,)."""

    def numbers(self) -> NDArray[np.float64]:
        """Return the cells as float64 (n,): NaN where missing, infinite where it is no number."""

    def seconds(self) -> NDArray[np.float64]:
        """Return dates as seconds since 1970 (n,), NaN where missing, infinite where no date."""

    def words(self) -> "TextCells":
        """Return the cells as texts; numbers as they are written shortest."""

    def followed_by(self, other: "Cells") -> "Cells":
        """Return these cells and then those of another table's column."""


@dataclass(frozen=True, eq=False)
class NumberCells:
    """A column of numbers (n,) float64, or of dates as seconds since 1970; NaN is missing."""

    name: str
    values: NDArray[np.float64]
    is_date: bool = False
    is_category: bool = False

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    def take(self, rows: NDArray[np.intp]) -> "NumberCells":
        """Return the cells of these rows."""
        return replace(self, values=self.values[rows])

    def missing(self) -> NDArray[np.bool_]:
        """Tell which cells are missing (n,)."""
        return np.isnan(self.values)

    def numbers(self) -> NDArray[np.float64]:
        """Return the numbers; dates are none."""
        return np.full(self.n, OTHER) if self.is_date else self.values

    def seconds(self) -> NDArray[np.float64]:
        """Return the dates; numbers are none."""
        return self.values if self.is_date else np.full(self.n, OTHER)

    def words(self) -> "TextCells":
        """Return the cells as texts, numbers as they are written shortest."""
        present = ~self.missing()
        distinct, inverse = np.unique(self.values[present], return_inverse=True)
        codes = np.full(self.n, -1, dtype=np.int32)
        codes[present] = inverse
        texts = tuple(_date_text(one) if self.is_date else _written(one) for one in distinct)
        return TextCells(self.name, codes, texts, self.is_category)

    def followed_by(self, other: Cells) -> Cells:
        """Return these cells and then the others; as texts, unless both are of one kind."""
        if isinstance(other, NumberCells) and other.is_date == self.is_date:
            return replace(self, values=np.concatenate((self.values, other.values)))
        return self.words().followed_by(other)


@dataclass(frozen=True, eq=False)
class TextCells:
    """A column of texts: `codes` (n,) into distinct `texts`; -1 is a missing cell."""

    name: str
    codes: NDArray[np.int32]
    texts: tuple[str, ...]
    is_category: bool = False

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def take(self, rows: NDArray[np.intp]) -> "TextCells":
        """Return the cells of these rows."""
        return replace(self, codes=self.codes[rows])

    def missing(self) -> NDArray[np.bool_]:
        """Tell which cells are missing (n,)."""
        return self.codes < 0

    def numbers(self) -> NDArray[np.float64]:
        """Return the cells as float64 (n,): NaN where missing, infinite where it is no number."""
        return self._parsed(_number)

    def seconds(self) -> NDArray[np.float64]:
        """Return dates as seconds since 1970 (n,), NaN where missing, infinite where no date."""
        return self._parsed(_seconds)

    def words(self) -> "TextCells":
        """Return the cells themselves."""
        return self

    def followed_by(self, other: Cells) -> Cells:
        """Return these cells and then the others as texts."""
        added = other.words()
        places = {text: code for code, text in enumerate(self.texts)}
        table = [places.setdefault(text, len(places)) for text in added.texts]
        codes = np.array([*table, -1], dtype=np.int32)[added.codes]
        return replace(self, codes=np.concatenate((self.codes, codes)), texts=tuple(places))

    def _parsed(self, parse: Callable[[str], float]) -> NDArray[np.float64]:
        # Only distinct texts are parsed; the last entry is what code -1 leads to.
        table = np.array([*(parse(text) for text in self.texts), np.nan])
        return table[self.codes]


def text_cells(name: str, texts: Sequence[str], codes: NDArray[np.int32]) -> TextCells:
    """Return a column of texts: spaces around them are taken off, words for missing are missing."""
    places: dict[str, int] = {}
    table = np.full(len(texts) + 1, -1, dtype=np.int32)
    for code, text in enumerate(texts):
        bare = text.strip()
        if bare.lower() not in MISSING:
            table[code] = places.setdefault(bare, len(places))
    return TextCells(name, table[codes], tuple(places))


def is_number(text: str) -> bool:
    """Tell whether a text is a number as it stands in tables."""
    return _NUMBER.fullmatch(text.strip()) is not None


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text):
        value = float(text)
        is_exact = abs(value) < _EXACT or not _WHOLE.fullmatch(text)
        return value if is_exact else OTHER
    return _FLAGS.get(text.lower(), OTHER)


def _seconds(text: str) -> float:
    found = _DATE.fullmatch(text) or _DOTTED.fullmatch(text)
    if not found:
        return OTHER
    rest = found.groupdict().get("rest") or ""
    try:
        moment = datetime.fromisoformat(f"{found['y']}-{found['m']}-{found['d']}{rest}")
    except ValueError:  # no such day
        return OTHER
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH).total_seconds()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _written(value: np.float64) -> str:
    whole = float(value).is_integer() and abs(value) < _EXACT
    return str(int(value)) if whole else repr(float(value))


def _date_text(value: np.float64) -> str:
    return str(np.datetime64(int(value), "s"))
