"""The column that says how much each row counts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search_spaces.data_source import DataOptions
from search_spaces.faults import FaultError
from study.data.arrays import WholeData, fingerprint
from study.data.arrays import test_split_fingerprint as split_fingerprint
from study.data.checks import find_all
from study.data.load import about_data
from study.data.own_data import read_own_data
from study.data.save import save_npz
from study.data.sources import file_source
from study.data.store import open_training_data, pack_training_data, unpack_training_data
from study.data.store import save_training_data as save_training
from study.data.values import TrainingData

ReadTable = Callable[..., WholeData]
WEIGHTED = DataOptions(target="label", weight="count")
LIMIT = 10_000_000


def lines(counts: Sequence[object]) -> list[str]:
    """Rows of two classes in turn, with what each counts."""
    rows = [
        f"{row * 7 % 11}.5,p{row // 3},{count},{'ab'[row % 2]}" for row, count in enumerate(counts)
    ]
    return ["x,person,count,label", *rows]


COUNTS = [1 + row % 4 for row in range(60)]


def test_weights_come_beside_the_rows_and_are_no_input(read: ReadTable) -> None:
    whole = read(lines(COUNTS), WEIGHTED)
    plain = read(lines(COUNTS), replace(WEIGHTED, weight="", drop=("count",)))
    assert [column.name for column in whole.columns] == ["x", "person"]
    np.testing.assert_array_equal(whole.train.inputs, plain.train.inputs)
    np.testing.assert_array_equal(whole.test.labels, plain.test.labels)
    assert whole.weight == "count"
    assert whole.train.weights is not None
    assert whole.test.weights is not None
    assert whole.train.weights.dtype == np.float64
    assert sorted([*whole.train.weights, *whole.test.weights]) == sorted(COUNTS)
    # The rows are the same test rows; the data is another.
    assert split_fingerprint(whole) == split_fingerprint(plain)
    assert len({fingerprint(one) for one in (whole, plain)}) == 2


@pytest.mark.parametrize("options", [{"group": "person"}, {"time": "x"}, {"test_share": 0.5}])
def test_weights_follow_their_rows_through_every_way_to_split(
    options: dict[str, str], read: ReadTable
) -> None:
    whole = read(lines(COUNTS), replace(WEIGHTED, **options))  # type: ignore[arg-type]
    other = read(lines([f"9{one}" for one in COUNTS]), replace(WEIGHTED, **options))  # type: ignore[arg-type]
    for one, much in ((whole.train, other.train), (whole.test, other.test)):
        assert one.weights is not None
        assert much.weights is not None
        np.testing.assert_array_equal(one.weights + 90, much.weights)
        np.testing.assert_array_equal(one.inputs, much.inputs)


def test_a_row_may_count_nothing_and_one_without_a_class_needs_no_weight(read: ReadTable) -> None:
    content = [*lines([0, 0, *COUNTS[2:]]), "3.5,p9,,"]
    whole = read(content, WEIGHTED)
    assert whole.train.weights is not None
    assert (whole.train.weights == 0).sum() + (whole.test.weights == 0).sum() == 2


NUMBERS = "numbers from 0 up"
WRONG: dict[str, tuple[list[object], list[str]]] = {
    "missing": (
        ["", *COUNTS[1:], ""],
        [": a row of no weight; got 2 rows without one; allowed: a number from 0 up in each row"],
    ),
    "a text": (
        ["many", *COUNTS[1:]],
        [f": weights that are no numbers; got 'many'; allowed: {NUMBERS}"],
    ),
    "endless": (
        ["1e999", *COUNTS[1:]],
        [f": weights that are no numbers; got '1e999'; allowed: {NUMBERS}"],
    ),
    "negative": (
        [1, -2.5, *COUNTS[2:]],
        [f": a negative weight; got -2.5, in 1 training rows; allowed: {NUMBERS}"],
    ),
    "none in all": (
        [0] * 60,
        [
            ": no training row counts; got 48 rows of weight 0; allowed: a weight above 0",
            ": no test row counts; got 12 rows of weight 0; allowed: a weight above 0",
        ],
    ),
    "none of a class": (
        [row % 2 for row in range(60)],
        [
            (
                f": classes of which no {split} row counts; got a; "
                "allowed: a weight above 0 in each class"
            )
            for split in ("training", "test")
        ],
    ),
    "beyond adding up": (
        ["1e308"] * 60,
        [": weights too large to add up; got 1e+308"] * 2,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_malformed_weights_are_refused_with_what_is_wrong(
    case: str, read: ReadTable, tmp_path: Path
) -> None:
    counts, expected = WRONG[case]
    with pytest.raises(FaultError) as caught:
        read(lines(counts), WEIGHTED)
    at = f"{tmp_path / 'some.csv'}, column count"
    assert [str(one) for one in caught.value.faults] == [at + one for one in expected]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"weight": "cuont"},
            ": no such column (did you mean count?); got 'cuont'; allowed: x, person, count, label",
        ),
        ({"weight": "label"}, ": the column of --target; got 'label'; allowed: another one"),
        (
            {"weight": "person", "group": "person"},
            ": the column of --group; got 'person'; allowed: another one",
        ),
    ],
)
def test_a_column_of_another_use_is_refused(
    options: dict[str, str], expected: str, read: ReadTable, tmp_path: Path
) -> None:
    with pytest.raises(FaultError) as caught:
        read(lines(COUNTS), replace(WEIGHTED, **options))
    assert str(caught.value) == f"{tmp_path / 'some.csv'}, --weight{expected}"


def test_a_saved_table_keeps_its_weights(read: ReadTable, tmp_path: Path) -> None:
    whole, saved = read(lines(COUNTS), WEIGHTED), tmp_path / "saved.npz"
    save_npz(whole, saved)
    for options in (DataOptions(), DataOptions(weight="count")):
        again = read_own_data(saved, options, LIMIT)
        assert fingerprint(again) == fingerprint(whole)
        assert again.weight == "count"
    with pytest.raises(FaultError) as caught:
        read_own_data(saved, DataOptions(weight="x"), LIMIT)
    assert str(caught.value) == (
        f"{saved}, --weight: the file holds no such weights; got x; allowed: count"
    )


def test_damaged_weights_of_a_saved_table_are_refused(read: ReadTable, tmp_path: Path) -> None:
    save_npz(read(lines(COUNTS), WEIGHTED), tmp_path / "saved.npz")
    with np.load(tmp_path / "saved.npz") as stored:
        arrays = dict(stored)
    changes = [
        ({"w_test": arrays["w_test"][1:]}, ", w_test: not a float64 number for each row of x_test"),
        (
            {"w_train": -arrays["w_train"]},
            ", w_train: a negative weight; got -4, in 48 training rows; allowed: numbers from 0 up",
        ),
        (
            {"w_train": None},
            ": weights that are not whole; got weight, w_test; allowed: weight, w_train, w_test",
        ),
    ]
    for number, (change, expected) in enumerate(changes):
        path = tmp_path / f"{number}.npz"
        made = {name: one for name, one in (arrays | change).items() if one is not None}
        np.savez(path, **made)
        with pytest.raises(FaultError) as caught:
            read_own_data(path, DataOptions(), LIMIT)
        assert str(caught.value) == f"{path}{expected}"


def test_weights_of_plain_arrays_are_unknown_arrays(tmp_path: Path) -> None:
    path = tmp_path / "plain.npz"
    x, y = np.zeros((6, 2), np.uint8), np.arange(6) % 2
    np.savez(path, x_train=x, y_train=y, x_test=x, y_test=y, w_train=np.ones(6))
    with pytest.raises(FaultError) as caught:
        read_own_data(path, DataOptions(), LIMIT)
    assert str(caught.value) == (
        f"{path}: unknown array; got w_train; allowed: x_train, y_train, x_test, y_test"
    )


def test_weights_are_stored_packed_and_opened_with_the_rest(
    read: ReadTable, tmp_path: Path
) -> None:
    whole = read(lines(COUNTS), WEIGHTED)
    about = about_data(file_source(tmp_path / "some.csv", WEIGHTED), whole)
    save_training(tmp_path / "data", TrainingData(about, whole.train))
    unpack_training_data(tmp_path / "copy", pack_training_data(tmp_path / "data"))
    for folder in ("data", "copy"):
        opened = open_training_data(tmp_path / folder)
        np.testing.assert_array_equal(opened.examples.weights, whole.train.weights)
        assert opened.about.weight == "count"


def test_a_check_names_the_column_with_what_the_rows_are_worth(
    read: ReadTable, tmp_path: Path
) -> None:
    whole = read(lines(COUNTS), WEIGHTED)
    about = about_data(file_source(tmp_path / "some.csv", WEIGHTED), whole)
    found = [one for one in find_all(about, whole) if one.topic == "weights"]
    sizes = [
        float(one.weights.sum() ** 2 / np.square(one.weights).sum())
        for one in (whole.train, whole.test)
        if one.weights is not None
    ]
    expected = (
        f"each row counts as column count says: effective n = {sizes[0]:.0f} of 48 training rows, "
        f"effective n = {sizes[1]:.0f} of 12 test rows"
    )
    assert [one.text for one in found] == [expected]
