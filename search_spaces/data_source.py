"""Which data a study is about and how it is read, as a value: a space's [data], or options."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from search_spaces.faults import shown
from search_spaces.tables import Table
from search_spaces.text_file import is_there


@dataclass(frozen=True)
class DataOptions:
    """How a user's own data is read; what is empty or 0 was not asked for.

    `target` is the column of the classes, `drop` are columns to leave out, `test_data` is a file of
    test rows, `test_share` (0-1) what is cut off as test rows without one. Rows of one value of the
    column `group` stay on one side of every split; `time` is the column by which the test rows are
    the latest. `weight` is the column that says how much each row counts.
    """

    target: str = ""
    drop: tuple[str, ...] = ()
    test_data: str = ""
    test_share: float = 0.0
    group: str = ""
    time: str = ""
    weight: str = ""

    def given(self) -> dict[str, Any]:
        """Return what was asked for, by name."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value}


AS_IT_IS = DataOptions()


@dataclass(frozen=True)
class DataSource:
    """What a space's [data] says: a name or a path as it is written there, and the options."""

    source: str
    options: DataOptions = AS_IT_IS


def placed(data: DataSource, folder: Path) -> DataSource:
    """Return it with paths from where the program is, not from the folder of the file it was in.

    A source that is no file there stays as it is: it is a data set's name, or a mistake.
    """
    source, test = data.source, data.options.test_data
    options = replace(data.options, test_data=test and str(folder / test))
    return DataSource(_as_path(folder / source) if is_there(folder / source) else source, options)


def _as_path(path: Path) -> str:
    text = str(path)
    # A file here may be called as a known data set is.
    return text if "/" in text else f"./{text}"


# What each key of [data] means, for people and for the schema.
DATA_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "source": "a data set's name or a file, relative to this one",
        "target": "the column that holds the classes",
        "drop": "columns to leave out",
        "test_data": "a file of test rows, relative to this one",
        "test_share": "share of the rows that is cut off as the test split",
        "group": "rows with one value of this column stay on one side of every split",
        "time": "the rows with the latest values of this column are the test split",
        "weight": "the column that says how much each row counts",
    }
)


def read_data_source(table: Table) -> DataSource | None:
    """Read [data]; None with its faults noted where something is wrong."""
    before = len(table.faults)
    table.refuse_unknown(DATA_KEYS)
    texts = {
        key: table.text(key) if key in table.content else ""
        for key in ("target", "test_data", "group", "time", "weight")
    }
    source = table.text("source")
    options = DataOptions(**texts, drop=_drop(table), test_share=_test_share(table))
    return DataSource(source, options) if len(table.faults) == before else None


def _drop(table: Table) -> tuple[str, ...]:
    value = table.content.get("drop", [])
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    table.add("drop", "no list of columns", shown(value), '["name", ...]')
    return ()


def _test_share(table: Table) -> float:
    value = table.content.get("test_share", 0.0)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (0 < value < 1 or "test_share" not in table.content):
        return float(value)
    table.add("test_share", "no share", shown(value), "a fraction between 0 and 1")
    return 0.0
