"""The seal: nothing that search or a worker holds leads to test images."""

import copy
import dataclasses
import gc
import pickle
import typing
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.opening import Purpose
from search_spaces.faults import FaultError
from study.data.arrays import WholeData
from study.data.load import LoadedData, load_data
from study.data.sealed import SealedTest
from study.data.store import open_training_data, save_training_data
from study.data.values import SearchData, TrainingData
from study.executors.protocol import Event, Job
from study.run_dir.ledger import ledger_at
from study.vault import open_test

Arrays = dict[str, NDArray[Any]]
A_TEST = Purpose("final", "trial 3", seeds=5)


def arrays_within_reach(start: object) -> list[NDArray[Any]]:
    """Every array that can be got at from an object by following references."""
    seen: set[int] = set()
    found, waiting = [], [start]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, ModuleType | type):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            found.append(one)
            waiting.append(one.base)
        elif isinstance(one, FunctionType):
            waiting += [one.__closure__, one.__defaults__]  # its globals lead everywhere
        else:
            waiting += gc.get_referents(one)
    return found


@pytest.fixture(params=["file", "digits"])
def loaded(
    request: pytest.FixtureRequest, arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> LoadedData:
    name = "digits" if request.param == "digits" else str(write_npz(arrays))
    return load_data(name, {})


def test_a_sealed_split_shows_its_size_and_nothing_else(loaded: LoadedData) -> None:
    public = [name for name in dir(loaded.test) if not name.startswith("_")]
    assert public == ["identity", "test_n"]
    assert repr(loaded.test) == f"SealedTest({loaded.test.test_n} images)"
    assert not hasattr(loaded.test, "__dict__")
    with pytest.raises(AttributeError):
        loaded.test.test_n = 0  # type: ignore[misc]


@pytest.mark.parametrize(
    "take", [copy.copy, copy.deepcopy, pickle.dumps, lambda test: pickle.dumps(test, protocol=0)]
)
def test_a_sealed_split_is_neither_copied_nor_pickled(
    take: Callable[[SealedTest], object], loaded: LoadedData
) -> None:
    with pytest.raises(TypeError) as caught:
        take(loaded.test)
    assert str(caught.value) == "a sealed test split is neither copied nor pickled"


def test_loaded_data_keeps_no_test_array_within_reach(loaded: LoadedData, tmp_path: Path) -> None:
    test = open_test(loaded.test, ledger_at(tmp_path / "ledger.jsonl"), A_TEST, ["0"], "now")
    reached = arrays_within_reach(loaded)
    assert any(array is loaded.training.examples.inputs for array in reached)
    for array in reached:
        assert len(array) != test.n
        assert array.size < loaded.training.examples.inputs.size + test.inputs.size


def test_what_workers_get_is_the_training_part_alone(loaded: LoadedData, tmp_path: Path) -> None:
    save_training_data(tmp_path / "store", loaded.training)
    opened = open_training_data(tmp_path / "store")
    test = open_test(loaded.test, ledger_at(tmp_path / "ledger.jsonl"), A_TEST, ["0"], "now")
    stored = b"".join(path.read_bytes() for path in (tmp_path / "store").iterdir())
    trained_on = {row.tobytes() for row in loaded.training.examples.inputs}
    hidden = [row.tobytes() for row in test.inputs if row.tobytes() not in trained_on]
    assert len(hidden) == test.n
    assert not any(row in stored for row in hidden)
    assert opened.examples.n == loaded.training.examples.n


def types_within(annotation: object) -> set[type]:
    """Every class that an annotation names, and that the fields of its dataclasses name."""
    found: set[type] = set()
    waiting = [annotation]
    while waiting:
        one = waiting.pop()
        waiting += typing.get_args(one)
        if isinstance(one, type) and one not in found:
            found.add(one)
            if dataclasses.is_dataclass(one):
                waiting += typing.get_type_hints(one).values()
    return found


@pytest.mark.parametrize("handed", [TrainingData, SearchData, Job, Event])
def test_no_field_of_what_search_is_handed_can_hold_the_test_split(handed: Any) -> None:
    assert not types_within(handed) & {SealedTest, LoadedData, WholeData}


def test_the_search_for_types_finds_a_sealed_split_where_there_is_one() -> None:
    assert SealedTest in types_within(LoadedData)


def test_opening_reads_the_arrays_that_were_loaded(
    arrays: Arrays, write_npz: Callable[[Arrays], Path], tmp_path: Path
) -> None:
    loaded = load_data(str(write_npz(arrays)), {})
    test = open_test(loaded.test, ledger_at(tmp_path / "ledger.jsonl"), A_TEST, ["0"], "now")
    np.testing.assert_array_equal(test.inputs, arrays["x_test"].reshape(6, 6))
    np.testing.assert_array_equal(test.labels, arrays["y_test"])


def test_opening_works_from_another_folder_than_loading(
    arrays: Arrays,
    write_npz: Callable[[Arrays], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_npz(arrays)
    monkeypatch.chdir(tmp_path)
    loaded = load_data("some.npz", {})
    monkeypatch.chdir("/")
    assert open_test(loaded.test, ledger_at(tmp_path / "l.jsonl"), A_TEST, ["0"], "now").n == 6


def test_data_that_changed_since_it_was_loaded_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path], tmp_path: Path
) -> None:
    path = write_npz(arrays)
    loaded = load_data(str(path), {})
    was = loaded.training.about.fingerprint
    write_npz({**arrays, "x_test": arrays["x_test"] + 1})
    now = load_data(str(path), {}).training.about.fingerprint
    with pytest.raises(FaultError) as caught:
        open_test(loaded.test, ledger_at(tmp_path / "ledger.jsonl"), A_TEST, ["0"], "now")
    assert str(caught.value) == (
        f"{path}: the data changed since it was loaded; got {now[:16]}; "
        f"allowed: fingerprint {was[:16]}"
    )
