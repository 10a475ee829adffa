"""New rows for a network that was trained on a table."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from study.data.columns import Column
from study.data.pyarrow_needed import tables_module
from study.machine import memory_limit

Read = Callable[[Path, Sequence[Column], int], tuple[NDArray[np.float32], tuple[str, ...]]]


def read_table_rows(
    path: Path, columns: Sequence[Column]
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return the rows (n, columns) of a table file, and notes on how it was read.

    Raises FaultError where columns are missing, the file is no table, or pyarrow is absent.
    """
    read: Read = tables_module("new_rows", str(path)).read_new_rows
    return read(path, columns, memory_limit())
