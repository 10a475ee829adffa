"""A table that was saved as an .npz file is the same data when it is read back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.data_source import DataOptions
from search_spaces.faults import FaultError
from study.data.arrays import WholeData, fingerprint
from study.data.arrays import test_split_fingerprint as split_fingerprint
from study.data.own_data import read_own_data
from study.data.save import save_npz

LIMIT = 10_000_000
Arrays = dict[str, NDArray[Any]]


@pytest.fixture(params=["", "person"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> WholeData:
    cities = ("Ulm", "Bern")
    rows = [
        f"{'' if row % 7 == 0 else row + 0.5},{cities[row % 2]},p{row // 3},{'ab'[row % 2]}"
        for row in range(60)
    ]
    (tmp_path / "my.csv").write_text("\n".join(["x,city,person,label", *rows]))
    return read_own_data(tmp_path / "my.csv", DataOptions("label", group=request.param), LIMIT)


def test_a_saved_table_is_the_same_data(table: WholeData, tmp_path: Path) -> None:
    save_npz(table, tmp_path / "saved.npz")
    again = read_own_data(tmp_path / "saved.npz", DataOptions(), LIMIT)
    assert fingerprint(again) == fingerprint(table)
    assert split_fingerprint(again) == split_fingerprint(table)
    assert again.columns == table.columns
    for one, other in ((again.groups, table.groups), (again.test.groups, table.test.groups)):
        assert (one is None) == (other is None)
        assert one is None or one.tolist() == other.tolist()


CHANGES: dict[str, tuple[Callable[[Arrays], Arrays], str]] = {
    "no text": (lambda a: {**a, "columns": np.arange(3)}, "no description of columns"),
    "no JSON": (lambda a: {**a, "columns": np.array("{")}, "not JSON"),
    "another number of columns": (
        lambda a: {**a, "x_train": a["x_train"][:, 1:]},
        "x_train: not the rows of a table; got float32 of shape (48, 2)",
    ),
    "another type": (
        lambda a: {**a, "x_test": a["x_test"].astype(float)},
        "x_test: not the rows of a table; got float64",
    ),
    "other labels": (lambda a: {**a, "y_train": a["y_train"][1:]}, "x_train: not the rows"),
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("table", [""], indirect=True)
def test_a_changed_file_is_reported(case: str, table: WholeData, tmp_path: Path) -> None:
    change, part = CHANGES[case]
    save_npz(table, tmp_path / "saved.npz")
    with np.load(tmp_path / "saved.npz") as saved:
        arrays = {name: saved[name] for name in saved.files if name != "test_identity"}
    np.savez(tmp_path / "changed.npz", **change(arrays))  # type: ignore[arg-type]
    with pytest.raises(FaultError) as caught:
        read_own_data(tmp_path / "changed.npz", DataOptions(), LIMIT)
    assert part in str(caught.value)
