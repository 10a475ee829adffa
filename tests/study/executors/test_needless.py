"""What Keras would import without need is absent while it is imported, and there afterwards."""

import importlib.util
import sys

import pytest

from study.executors.needless import hide_needless, show_needless


@pytest.mark.parametrize("name", ["sklearn", "matplotlib"])
def test_what_is_needless_looks_absent_until_it_is_shown(name: str, monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, name, raising=False)
    hide_needless()
    with pytest.raises(ImportError, match=name):
        importlib.import_module(name)
    show_needless()
    assert importlib.util.find_spec(name) is not None


def test_what_was_imported_before_stays(monkeypatch) -> None:
    here = sys.modules[__name__]
    monkeypatch.setitem(sys.modules, "sklearn", here)
    monkeypatch.setitem(sys.modules, "matplotlib", here)
    hide_needless()
    show_needless()
    assert sys.modules["sklearn"] is sys.modules["matplotlib"] is here
