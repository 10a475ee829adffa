from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from search_spaces.data_source import DataOptions
from study.data.arrays import WholeData
from study.data.own_data import read_own_data

LIMIT = 50_000_000
ReadTable = Callable[..., WholeData]


@pytest.fixture
def read(tmp_path: Path) -> ReadTable:
    """Return what writes lines (or bytes) to a file and reads it as a whole data set."""

    def written(
        content: Sequence[str] | bytes, options: DataOptions, name: str = "some.csv"
    ) -> WholeData:
        path = tmp_path / name
        is_raw = isinstance(content, bytes)
        path.write_bytes(content if is_raw else "\n".join(content).encode())  # type: ignore[arg-type]
        return read_own_data(path, options, LIMIT)

    return written
