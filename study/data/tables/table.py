"""A table as columns of cells, whatever kind of file it lies in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search_spaces.faults import fault, perhaps_meant
from study.data.file_bytes import read_bytes
from study.data.other_formats import refuse_other_format
from study.data.tables.arff import is_arff, read_arff
from study.data.tables.cells import Cells
from study.data.tables.columnar import read_arrow, read_parquet
from study.data.tables.text_table import read_text_table

_MOST_NAMED = 20


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length by name, in the file's order; `notes` say what was concluded."""

    cells: Mapping[str, Cells]
    notes: tuple[str, ...]

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return next((one.n for one in self.cells.values()), 0)

    def column(self, name: str, where: str, option: str) -> Cells:
        """Return a column that an option names; raises FaultError where there is none."""
        if name not in self.cells:
            what = f"no such column{perhaps_meant(name, self.cells)}"
            raise fault(f"{where}, {option}", what, repr(name), named(self.cells))
        return self.cells[name]


def read_table(path: Path, limit_bytes: int, where: str) -> Table:
    """Read a table of any kind; raises FaultError where it is none or too large."""
    content = read_bytes(path, limit_bytes, where)
    refuse_other_format(path, content, where)
    cells, notes = _read(content, limit_bytes, where)
    table = Table({one.name: one for one in cells}, tuple(notes))
    hidden = [name for name in table.cells if not name.isprintable() or not name.strip()]
    if hidden:
        what = "columns without a printable name"
        raise fault(where, what, ", ".join(map(repr, hidden[:5])), "a name for each column")
    if table.n == 0:
        raise fault(where, "the table has no rows")
    return table


def _read(content: bytes, limit_bytes: int, where: str) -> tuple[Sequence[Cells], Sequence[str]]:
    if content.startswith(b"PAR1"):
        return read_parquet(content, limit_bytes, where)
    if content.startswith(b"ARROW1"):
        return read_arrow(content, limit_bytes, where)
    if is_arff(content):
        return read_arff(content, where), ()
    return read_text_table(content, where)


def named(names: Mapping[str, object]) -> str:
    """Return the columns' names for a message."""
    rest = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join([*names][:_MOST_NAMED]) + rest
