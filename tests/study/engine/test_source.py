"""The engine's fingerprint is that of every file that decides what a training yields."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import grimp
import pytest

from study.engine import source

STUDY = Path(source.__file__).parents[1]
ENGINE = sorted(f"engine/{path.name}" for path in STUDY.glob("engine/*.py"))
BESIDE = sorted(source._BESIDE)
# What the trainer imports besides: names, records and messages, which decide nothing.
WITHOUT_SAY = {
    "search_spaces.measures",
    "study.data.values",
    "search_spaces.faults",
    "search_spaces.kinds",
    "search_spaces.optimizers",
    "reports.numbers",
    "reports.statistics.groups",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's Python files, elsewhere."""
    only_python = shutil.ignore_patterns("*.pyc", "__pycache__")
    shutil.copyfile(source.parameters.__file__, tmp_path / "parameters.py")
    return Path(shutil.copytree(STUDY, tmp_path / "study", ignore=only_python))


def fingerprint_of(copy: Path) -> str:
    spec = importlib.util.spec_from_file_location("copied_source", copy / "engine" / "source.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.parameters = SimpleNamespace(__file__=str(copy.parent / "parameters.py"))
    fingerprint: Callable[[], str] = module.engine_fingerprint
    return fingerprint()


def test_equal_sources_have_one_fingerprint_wherever_they_lie(copy: Path) -> None:
    assert fingerprint_of(copy) == source.engine_fingerprint()


def test_a_change_to_any_file_that_counts_is_seen(copy: Path) -> None:
    assert "engine/trainer.py" in ENGINE
    seen = {source.engine_fingerprint()}
    for name in (*ENGINE, *BESIDE, "../parameters.py"):
        path = copy / name
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        seen.add(fingerprint_of(copy))
        path.write_bytes(content)
    assert len(seen) == 1 + len(ENGINE) + len(BESIDE) + 1
    assert fingerprint_of(copy) == source.engine_fingerprint()


def test_a_file_more_or_of_another_name_is_seen(copy: Path) -> None:
    (copy / "engine" / "more.py").touch()
    with_more = fingerprint_of(copy)
    (copy / "engine" / "more.py").rename(copy / "engine" / "other.py")
    assert len({source.engine_fingerprint(), with_more, fingerprint_of(copy)}) == 3


def test_other_files_change_nothing(copy: Path) -> None:
    (copy / "cli.py").write_text("")
    shutil.rmtree(copy / "commands")
    assert fingerprint_of(copy) == source.engine_fingerprint()


def test_whatever_the_trainer_imports_counts() -> None:
    graph = grimp.build_graph("study", "reports", "search_spaces", cache_dir=None)
    imported = graph.find_upstream_modules("study.engine.trainer") | {"study.engine.trainer"}
    names = [name for name in (*ENGINE, *BESIDE) if name.endswith(".py")]
    files = {Path(name).with_suffix("") for name in names}
    counted = {".".join(("study", *file.parts)) for file in files} | {source.parameters.__name__}
    assert counted <= graph.modules | {"study.engine.__init__"}
    assert imported - counted == WITHOUT_SAY
