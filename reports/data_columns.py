"""What a table's columns are, for the record."""

from dataclasses import dataclass
from typing import Literal

from reports.value_types import Count, Named


@dataclass(frozen=True)
class ColumnRecord:
    """One column: `missing` counts training and validation rows, `holds` is its range or levels."""

    name: Named
    kind: Literal["number", "category"]
    missing: Count
    holds: Named
