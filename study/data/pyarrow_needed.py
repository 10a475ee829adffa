"""Import what reads tables, where pyarrow is installed."""

import importlib
import importlib.util
from types import ModuleType

from search_spaces.faults import fault


def tables_module(name: str, where: str) -> ModuleType:
    """Return a module of `study.data.tables`; raises FaultError where pyarrow is absent."""
    if importlib.util.find_spec("pyarrow") is None:
        what = "reading a table needs pyarrow, which is not installed"
        raise fault(where, what, allowed="pip install 'dense-study[tables]'")
    return importlib.import_module(f"study.data.tables.{name}")
