"""Tables of plain cells; the page and the CSV file are both written from them."""

from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | bool | None
Kind = Literal["text", "count", "number", "accuracy", "points", "seconds", "share"]


LARGE = 100_000  # cells


@dataclass(frozen=True)
class Column:
    """A column: its title with unit or n, and how its cells are written."""

    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """Columns and rows of raw values: fractions for accuracies, seconds for durations.

    `marks` are rows (from 0) with a word that sets them apart.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marks: tuple[tuple[int, str], ...] = ()

    @property
    def large(self) -> bool:
        """Tell whether its numbers are cut to six digits, so that a page stays small."""
        return len(self.rows) * len(self.columns) > LARGE

    def as_plain(self) -> dict[str, object]:
        """Return what the page's script builds the table from."""
        return {
            "columns": [{"title": c.title, "kind": c.kind} for c in self.columns],
            "marks": [list(mark) for mark in self.marks],
            "rows": [[_cut(cell) for cell in row] if self.large else row for row in self.rows],
        }


def _cut(cell: Cell) -> Cell:
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell
