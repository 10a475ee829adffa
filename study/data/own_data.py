"""Read a user's own data: what a path holds decides which reader reads it."""

import importlib
import importlib.util
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from search_spaces.data_source import DataOptions
from search_spaces.faults import fault
from study.data.arrays import WholeData
from study.data.file_bytes import read_head
from study.data.parse import read_whole

# Read data from a path, as the options say, within a number of bytes; the last is how faults call
# the place. Raises FaultError with what is wrong.
Reader = Callable[[Path, DataOptions, int, str], WholeData]

_TABLES = ("study.data.tables.whole", "read_whole_table")


def read_own_data(path: Path, options: DataOptions, limit_bytes: int) -> WholeData:
    """Read data of any kind that this program reads; raises FaultError with what is wrong."""
    where = str(path)
    return _reader(path, where)(path, options, limit_bytes, where)


def _reader(path: Path, where: str) -> Reader:
    if path.suffix == ".npz" or path.is_dir():
        return _read_npz
    head = read_head(path, where)
    if head.startswith(b"PK\x03\x04"):
        return _read_npz
    return _table_reader(where)


def _read_npz(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    refuse_options(options, where, "arrays")
    return read_whole(path, limit_bytes, where)


def _table_reader(where: str) -> Reader:
    if importlib.util.find_spec("pyarrow") is None:
        what = "reading a table needs pyarrow, which is not installed"
        raise fault(where, what, allowed="pip install 'dense-study[tables]'")
    module, name = _TABLES
    reader: Reader = getattr(importlib.import_module(module), name)
    return reader


# How each option is called on the command line.
OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "target": "--target",
        "drop": "--drop",
        "test_data": "--test-data",
        "test_share": "--test-share",
        "group": "--group",
        "time": "--time",
    }
)


def refuse_options(
    options: DataOptions, where: str, kind: str, taken: Collection[str] = ()
) -> None:
    """Raise FaultError where an option is given that data of this kind does not take."""
    refused = [OPTIONS[name] for name in options.given() if name not in taken]
    if refused:
        allowed = ", ".join(OPTIONS[name] for name in taken) or "none of them"
        raise fault(where, f"options that {kind} does not take", ", ".join(refused), allowed)
