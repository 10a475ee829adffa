"""A table becomes a whole data set: classes, test split, and the columns that are inputs."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reports.statistics.groups import count_groups
from search_spaces.data_source import DataOptions
from search_spaces.faults import FaultError
from study.data.arrays import WholeData, fingerprint
from study.data.arrays import test_split_fingerprint as split_fingerprint
from study.data.columns import Column
from study.data.copies import find_copies
from study.data.cut import cut_test

ReadTable = Callable[..., WholeData]
LABEL = DataOptions(target="label")
rng = np.random.default_rng(5)


def lines(n: int = 60) -> list[str]:
    """Rows of a number with gaps, a category, a flag, a date, and what is of no use."""
    head = "id,age,city,member,day,same,twice,prose,label"
    made = [head]
    for row in range(n):
        age = "" if row % 10 == 3 else f"{20 + row % 7}.5"
        city = ("Bern", "Ulm", "Köln")[row % 3]
        member = ("true", "false")[row % 5 == 0]
        day = f"2024-0{1 + row % 9}-15"
        label = ("no", "yes")[row % 4 == 0]
        made.append(f"{row},{age},{city},{member},{day},7,{age},text {row},{label}")
    return made


def test_a_table_becomes_numbers_and_what_is_of_no_use_is_left_out(read: ReadTable) -> None:
    whole = read(lines(), LABEL)
    assert whole.columns == (
        Column("age", None),
        Column("city", ("Bern", "Köln", "Ulm")),
        Column("member", None),
        Column("day (days)", None, "day", "days"),
        Column("day (month)", None, "day", "month"),
        Column("day (weekday)", None, "day", "weekday"),
    )
    assert whole.notes == (
        "12 of 60 rows are the test split, of every class its share",
        (
            "column id is left out: it numbers its rows: a different whole number in each, without "
            "large gaps"
        ),
        "column day (year) is left out: it is the same in every training row",
        "column same is left out: it is the same in every training row",
        "column twice is left out: it repeats column age in every training row",
        "column prose is left out: it names its rows, or is prose: 48 different texts in 48 rows",
    )
    assert (whole.classes, whole.image_shape, whole.full_scale) == (("no", "yes"), (6,), 1.0)
    assert (whole.train.n, whole.test.n) == (48, 12)
    assert whole.train.inputs.dtype == np.float32
    assert np.bincount(whole.test.labels).tolist() == [9, 3]


def test_rows_keep_their_order_and_their_own_labels(read: ReadTable) -> None:
    made = ["a,b,label", *(f"{row * 10},{row % 3},{'ab'[row % 2]}" for row in range(40))]
    whole = read(made, DataOptions(target="label", drop=("b",)))
    for part in (whole.train, whole.test):
        rows = part.inputs[:, 0] / 10
        assert (np.diff(rows) > 0).all()
        np.testing.assert_array_equal(part.labels, rows % 2)


def test_types_and_levels_are_those_of_the_training_rows(read: ReadTable, tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("x,city,label\n1.5,Rom,a\nunknown,Ulm,b\n2,,a\n")
    train = [
        "x,city,label",
        *(f"{row}.25,{('Ulm', 'Bern')[row % 2]},{'aab'[row % 3]}" for row in range(9)),
    ]
    whole = read(train, replace(LABEL, test_data=str(tmp_path / "test.csv")))
    assert whole.columns == (Column("x", None), Column("city", ("Bern", "Ulm")))
    np.testing.assert_array_equal(whole.test.inputs, [[1.5, -1], [np.nan, 1], [2, np.nan]])
    assert whole.test.labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize("poison", ["999999", "word", "", "2024-01-01"])
def test_nothing_that_test_rows_hold_changes_the_training_rows(
    read: ReadTable, poison: str
) -> None:
    clean, made = read(lines(), LABEL), lines()
    labels = np.array([line.endswith("yes") for line in made[1:]], dtype=np.int32)
    for row in cut_test(labels)[1]:
        label = made[row + 1].rsplit(",", 1)[1]
        made[row + 1] = ",".join([poison] * 8 + [label])
    poisoned = read(made, LABEL)
    assert split_fingerprint(poisoned) != split_fingerprint(clean)
    np.testing.assert_array_equal(poisoned.train.inputs, clean.train.inputs)
    assert (poisoned.columns, poisoned.notes) == (clean.columns, clean.notes)


def test_the_test_split_is_known_by_its_rows_whatever_is_made_of_them(read: ReadTable) -> None:
    whole = read(lines(), LABEL)
    fewer = read(lines(), DataOptions(target="label", drop=("age", "city")))
    assert fingerprint(whole) != fingerprint(fewer)
    assert split_fingerprint(whole) == split_fingerprint(fewer)
    written_otherwise = [line.replace(".5,", ".50,") for line in lines()]
    assert split_fingerprint(read(written_otherwise, LABEL)) == split_fingerprint(whole)
    assert split_fingerprint(read(lines(50), LABEL)) != split_fingerprint(whole)


def test_a_gzipped_table_is_the_same_data(read: ReadTable) -> None:
    packed = gzip.compress("\n".join(lines()).encode())
    assert fingerprint(read(packed, LABEL, "some.csv.gz")) == fingerprint(read(lines(), LABEL))


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["b", "a", "c"], ("a", "b", "c")),
        (["10", "9", "1"], ("1", "9", "10")),
        (["2.0", "1.0", "3.0"], ("1", "2", "3")),
        (["0.5", "1", "1.5"], ("0.5", "1", "1.5")),
        (["01", "1", "2"], ("01", "1", "2")),
        (["true", "false", "true"], ("false", "true")),
        (["-1", "1", "0"], ("-1", "0", "1")),
        (["2024-01-01", "2024-01-02", "2024-01-01"], ("2024-01-01", "2024-01-02")),
    ],
)
def test_labels_are_taken_as_they_come(
    read: ReadTable, labels: list[str], classes: tuple[str, ...]
) -> None:
    made = ["x,label", *(f"{row}.5,{labels[row % 3]}" for row in range(30))]
    whole = read(made, LABEL)
    assert whole.classes == classes
    of_row = dict(zip(whole.train.inputs[:, 0], whole.train.labels, strict=True))
    for row, code in of_row.items():
        written = labels[int(row) % 3]
        assert classes[code] in (written, written.removesuffix(".0"))


def test_rows_without_a_class_are_left_out_and_counted(read: ReadTable) -> None:
    made = ["x,label", *(f"{row}.5,{'ab'[row % 2]}" for row in range(20)), "7.5,", "8.5,NA"]
    whole = read(made, LABEL)
    assert whole.train.n + whole.test.n == 20
    assert whole.notes[0] == "2 rows without a class are left out"


def test_a_class_with_one_row_is_trained_on_and_named(read: ReadTable) -> None:
    made = ["x,label", *(f"{row}.5,{'ab'[row % 2]}" for row in range(20)), "7,rare"]
    whole = read(made, LABEL)
    assert whole.classes == ("a", "b", "rare")
    assert np.bincount(whole.train.labels, minlength=3)[2] == 1
    assert "classes with one training row, which no split holds out: rare" in whole.notes


def test_groups_stay_together_and_are_no_input(read: ReadTable) -> None:
    made = ["x,person,label", *(f"{row}.5,p{row // 4},{'ab'[row % 2]}" for row in range(80))]
    whole = read(made, DataOptions(target="label", group="person"))
    assert [column.name for column in whole.columns] == ["x"]
    assert whole.groups is not None
    assert len(whole.groups) == whole.train.n
    train, test = ({int(x) // 4 for x in part.inputs[:, 0]} for part in (whole.train, whole.test))
    assert not train & test
    assert whole.test.n == 16
    assert whole.test.groups is not None
    rows = zip(whole.test.inputs[:, 0], whole.test.groups, strict=True)
    people = {(int(x) // 4, group) for x, group in rows}
    assert len(people) == len(set(whole.test.groups.tolist())) == 4
    assert find_copies(whole).test_groups is not None
    assert count_groups(find_copies(whole).test_groups) == 4
    assert whole.notes[0] == "16 of 80 rows are the test split, whole groups of person"


@pytest.mark.parametrize("form", ["{}", "2024-01-{:02}", "{:02}.01.2024"])
def test_the_latest_rows_are_the_test_split(read: ReadTable, form: str) -> None:
    order = rng.permutation(30)
    made = ["x,t,label", *(f"{d}.5,{form.format(1 + d // 2)},{'ab'[d % 2]}" for d in order)]
    whole = read(made, DataOptions(target="label", time="t", test_share=0.3))
    assert sorted(whole.test.inputs[:, 0].astype(int)) == [*range(20, 30)]
    assert whole.notes[0] == "10 of 30 rows are the test split: the latest by t"


def test_numbers_that_float32_would_make_equal_come_in_two_columns(read: ReadTable) -> None:
    made = ["x,label", *(f"{2**30 * (row % 2) + row % 7},{'ab'[row % 2]}" for row in range(90))]
    whole = read(made, LABEL)
    assert whole.columns == (Column("x", None), Column("x (rest)", None, "x", "rest"))
    exact = whole.train.inputs.astype(np.float64).sum(axis=1)
    assert set(exact) == {2.0**30 * high + step for high in (0, 1) for step in range(7)}


def test_decimal_commas_are_read_where_commas_are_no_delimiter(read: ReadTable) -> None:
    made = ["x;y;label", *(f"{row % 5},5;a{row % 3};{'ab'[row % 2]}" for row in range(30))]
    whole = read(made, LABEL)
    assert set(whole.train.inputs[:, 0]) == {0.5, 1.5, 2.5, 3.5, 4.5}


def test_a_target_is_known_by_its_name_where_only_one_has_such_a_name(read: ReadTable) -> None:
    made = ["x,Class", *(f"{row}.5,{'ab'[row % 2]}" for row in range(20))]
    assert read(made, DataOptions()).classes == ("a", "b")


FAULTS = {
    "no target": (
        ["a,b", "1,2", "3,4"],
        DataOptions(),
        (
            "{f}: which column holds the classes is not said; got columns a, b; "
            "allowed: --target COLUMN"
        ),
    ),
    "a target that is not there": (
        ["age,kind", "1,2", "3,4"],
        DataOptions(target="kinds"),
        "{f}, --target: no such column (did you mean kind?); got 'kinds'; allowed: age, kind",
    ),
    "a column to drop that is not there": (
        ["age,kind", "1,2", "3,4"],
        DataOptions(target="kind", drop=("ages",)),
        "{f}, --drop: no such column (did you mean age?); got 'ages'; allowed: age, kind",
    ),
    "one class": (
        ["x,label", *(f"{row}.5,a" for row in range(9))],
        LABEL,
        "{f}, column label: only one class; got 'a'; allowed: at least two classes",
    ),
    "a regression": (
        ["x,label", *(f"{row},{row}.25" for row in range(40))],
        LABEL,
        (
            "{f}, column label: the target holds measured numbers, as in a regression; this "
            "program classifies; got 40 different numbers; allowed: a column of classes"
        ),
    ),
    "names for classes": (
        ["x,label", *(f"{row % 3},name {row}" for row in range(9)), "1,name 1"],
        LABEL,
        (
            "{f}, column label: hardly any class has two rows: is it a column of names?; "
            "got 9 classes in 9 training rows"
        ),
    ),
    "nothing to predict from": (
        ["x,label", *(f"5,{'ab'[row % 2]}" for row in range(9))],
        LABEL,
        (
            "{f}: no column is left to predict from; "
            "got column x is left out: it is the same in every training row"
        ),
    ),
    "lines of other lengths": (
        ["x,label", *(f"{row},{'ab'[row % 2]}" for row in range(9)), "1,a,3", "1", "2,b"],
        LABEL,
        (
            "{f}: lines with another number of cells; got line 11, 12 (3 in the first of them); "
            "allowed: 2 cells"
        ),
    ),
    "numbers beyond single precision": (
        ["x,label", *(f"1e{30 + row},{'ab'[row % 2]}" for row in range(12))],
        LABEL,
        (
            "{f}, column x: numbers beyond single precision; got 1e+41; allowed: up to "
            "3.40282e+38, or --drop"
        ),
    ),
    "group and time": (
        ["x,g,label", *(f"{row}.5,{row // 3},{'ab'[row % 2]}" for row in range(20))],
        DataOptions(target="label", group="g", time="g"),
        "{f}: --group and --time do not go together: each says what a split is",
    ),
    "one time": (
        ["x,g,label", *(f"{row}.5,7,{'ab'[row % 2]}" for row in range(20))],
        DataOptions(target="label", time="g"),
        "--time: all rows have the same time; allowed: two times or more",
    ),
    "words for times": (
        ["x,g,label", *(f"{row}.5,n{row},{'ab'[row % 2]}" for row in range(20))],
        DataOptions(target="label", time="g"),
        (
            "{f}, --time: neither dates nor numbers; got 'n0'; "
            "allowed: dates as 2026-01-31 or 31.01.2026, or numbers"
        ),
    ),
    "rows of no group": (
        ["x,g,label", *(f"{row}.5,{row or ''},{'ab'[row % 2]}" for row in range(20))],
        DataOptions(target="label", group="g"),
        "{f}, --group: a row of no group; got 1 rows without one; allowed: a value in each row",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_with_a_table_is_said_in_one_line(
    case: str, read: ReadTable, tmp_path: Path
) -> None:
    content, options, message = FAULTS[case]
    with pytest.raises(FaultError) as caught:
        read(content, options)
    assert str(caught.value) == message.replace("{f}", str(tmp_path / "some.csv"))


TRAIN = ["x,label", *(f"{row}.5,{'ab'[row % 2]}" for row in range(20))]


@pytest.mark.parametrize(
    ("content", "more", "message"),
    [
        (
            "x,label\n1,c\n",
            {},
            (
                "{f}, column label: classes of test rows that no training row has; "
                "got c; allowed: a, b"
            ),
        ),
        (
            "y,label\n1,a\n",
            {},
            (
                "{t}: its columns are not those of {f}; got without x; beside them "
                "y; allowed: x, label"
            ),
        ),
        (
            "x,label\n1,a\n",
            {"test_share": 0.3},
            "{f}: --test-share cuts off test rows, and --test-data gives them; got 0.3",
        ),
    ],
)
def test_test_rows_that_do_not_go_with_the_training_rows_are_reported(
    content: str, more: dict[str, float], message: str, read: ReadTable, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    test.write_text(content)
    with pytest.raises(FaultError) as caught:
        read(TRAIN, replace(LABEL, test_data=str(test), **more))  # type: ignore[arg-type]
    named = message.replace("{f}", str(tmp_path / "some.csv")).replace("{t}", str(test))
    assert str(caught.value) == named
