import dataclasses
import inspect
import subprocess
import sys
from typing import get_type_hints

import grimp
import pytest

from study.data.sealed import SealedTest
from study.data.values import Examples, SearchData, Split, TrainingData
from study.executors.protocol import Job

# What trains, asks, prunes or places jobs; none of it has any business with the test split.
SEARCH = ("study.engine", "study.executors", "study.coordinator", "study.networks")
# What holds, reads or opens the test split.
OPENERS = {
    "study.vault",
    "study.data.sealed",
    "study.data.arrays",
    "study.data.load",
    "study.confirmation.on_test_split",
}


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph("study", "reports", "search_spaces", cache_dir=None)


def reached_from(package, imports):
    modules = {package, *imports.find_descendants(package)}
    return {one for module in modules for one in imports.find_upstream_modules(module)}


@pytest.mark.parametrize("package", SEARCH)
def test_search_code_imports_nothing_that_opens_the_test_split(package, imports):
    reached = reached_from(package, imports)

    assert reached & OPENERS == set()
    assert "study.data.values" in reached


def test_every_opener_is_a_module_and_is_seen_where_it_is_imported(imports):
    assert imports.modules >= OPENERS
    assert reached_from("study.workflows", imports) >= OPENERS


@pytest.mark.parametrize("kind", [SearchData, TrainingData, Job, Split])
def test_what_search_is_handed_has_no_place_for_test_data(kind):
    hints = get_type_hints(kind)

    assert SealedTest not in hints.values()
    assert [name for name in hints if "test" in name] == []
    examples = {name for name, hint in hints.items() if Examples in (hint, *_args(hint))}
    assert examples <= {"train", "validation", "examples"}
    assert dataclasses.is_dataclass(kind)


def _args(hint):
    return getattr(hint, "__args__", ())


@pytest.mark.slow
def test_a_trainer_is_made_from_training_data_alone():
    code = (
        "import inspect; from study.engine.trainer import Trainer; "
        "print(*inspect.signature(Trainer).parameters.values(), sep='|')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    first = found.stdout.strip().split("|")[0]
    assert first in {"data: study.data.values.TrainingData", "data: TrainingData"}


def test_a_sealed_split_shows_nothing_but_its_size():
    sealed = SealedTest(7, "f" * 64, lambda: pytest.fail("it was read"))

    assert repr(sealed) == "SealedTest(7 images)"
    public = [name for name, _ in inspect.getmembers(sealed) if not name.startswith("_")]
    assert public == ["identity", "test_n"]
