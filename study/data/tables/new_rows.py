"""New rows of a table that a network was trained on: matched to its columns by their names."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault, perhaps_meant
from study.data.columns import Column
from study.data.tables.encode import encode
from study.data.tables.table import named, read_table


def read_new_rows(
    path: Path, columns: Sequence[Column], limit_bytes: int
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return the rows of a table file (n, columns) as `Column` describes them, and notes.

    The file's columns may come in any order, and more than are needed, as the notes say. Raises
    FaultError where one is missing.
    """
    where = str(path)
    table = read_table(path, limit_bytes, where)
    needed = dict.fromkeys(column.cells for column in columns)
    missing = [name for name in needed if name not in table.cells]
    if missing:
        meant = perhaps_meant(missing[0], table.cells) if len(missing) == 1 else ""
        what = f"columns that the network needs are missing: {', '.join(missing)}{meant}"
        raise fault(where, what, named(table.cells), named(needed))
    extra = [name for name in table.cells if name not in needed]
    unused = (f"columns that the network does not use: {', '.join(extra)}",) if extra else ()
    return encode(columns, table.cells, table.n), (*table.notes, *unused)
