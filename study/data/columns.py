"""What the columns of a table are once its rows are numbers."""

from dataclasses import dataclass
from typing import Literal

# What of a cell a column holds: all of it, or a part where one number cannot hold it.
Part = Literal["", "days", "year", "month", "weekday", "hour", "rest"]


@dataclass(frozen=True)
class Column:
    """One column of `Examples.inputs` (float32) of a table.

    `levels` is None for a number; else it is a category with these levels, sorted, those of the
    training rows, and its values are their indices. NaN is a missing value, -1 a level that no
    training row has. `name` is unique. `source` is the column of the table that it is made of,
    where that has another name, and `part` what of it: of a date the days since 1970, the year,
    the month (1-12), the weekday (Monday is 0) or the hour; of a number beyond float32's precision
    the rest that float32 leaves (the number is both together).
    """

    name: str
    levels: tuple[str, ...] | None
    source: str = ""
    part: Part = ""

    @property
    def cells(self) -> str:
        """Return the name of the table's column whose cells it is made of."""
        return self.source or self.name
