"""The column of a table that says how much each row counts."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.data_source import DataOptions
from search_spaces.faults import Fault, fault
from study.data.tables.cells import Cells
from study.data.tables.kinds import is_number_column
from study.data.tables.table import Table
from study.data.weighing import weight_faults


def row_weights_of(
    table: Table, target: str, options: DataOptions, used: NDArray[np.intp], where: str
) -> NDArray[np.float64] | None:
    """Return the weights (n,) of all rows, None where no column of weights is asked for.

    Only the rows that are `used` need one. Raises FaultError for a column of another use, and where
    a weight is missing or no number.
    """
    if not options.weight:
        return None
    cells = table.column(options.weight, where, "--weight")
    others = {"--target": target, "--group": options.group, "--time": options.time}
    for name, column in others.items():
        if column == options.weight:
            raise fault(f"{where}, --weight", f"the column of {name}", repr(column), "another one")
    at = f"{where}, column {options.weight}"
    of_used = cells.take(used)
    if of_used.missing().any():
        got = f"{int(of_used.missing().sum()):,} rows without one"
        raise fault(at, "a row of no weight", got, "a number from 0 up in each row")
    if not is_number_column(of_used):
        raise fault(at, "weights that are no numbers", _example(of_used), "numbers from 0 up")
    return cells.numbers().astype(np.float64)


def split_faults(
    weights: NDArray[np.float64],
    classes: NDArray[np.str_],
    splits: tuple[NDArray[np.intp], NDArray[np.intp]],
    options: DataOptions,
    where: str,
) -> list[Fault]:
    """Return what is wrong with the weights of training and of test rows, of these classes (n,)."""
    at = f"{where}, column {options.weight}"
    return [
        one
        for rows, split in zip(splits, ("training", "test"), strict=True)
        for one in weight_faults(weights[rows], classes[rows], at, split)
    ]


def _example(cells: Cells) -> str:
    """Return the first value that is no finite number."""
    words = cells.words()
    first = int(np.argmax(~np.isfinite(cells.numbers())))
    return repr(words.texts[words.codes[first]])
