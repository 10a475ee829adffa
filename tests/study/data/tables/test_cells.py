"""Cells are numbers, dates or texts; the words for missing are missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.data.tables.cells import NumberCells, TextCells, text_cells


def cells(*texts: str) -> TextCells:
    return text_cells("a", texts, np.arange(len(texts), dtype=np.int32))


def test_words_for_missing_and_spaces_are_not_values() -> None:
    found = cells("", " ", "NA", "nan", "?", "Null", "N/A", " x ", "x", "none of these")
    assert found.codes.tolist() == [-1] * 7 + [0, 0, 1]
    assert found.texts == ("x", "none of these")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("-1.5e3", -1500.0),
        ("+.5", 0.5),
        ("5.", 5.0),
        ("true", 1.0),
        ("FALSE", 0.0),
        ("9007199254740991", 2.0**53 - 1),
        ("9007199254740993", np.inf),  # a name rather than a number: float64 has no such number
        ("1_000", np.inf),
        ("inf", np.inf),
        ("0x10", np.inf),
        ("١", np.inf),
        ("one", np.inf),
    ],
)
def test_a_number_is_what_tables_have_as_numbers(text: str, number: float) -> None:
    assert cells(text).numbers().tolist() == [number]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86_400.0),
        ("1970/01/02", 86_400.0),
        ("02.01.1970", 86_400.0),
        ("1969-12-31T23:59:59", -1.0),
        ("1970-01-01 01:00:00+01:00", 0.0),
        ("1970-01-01 00:00:00.5Z", 0.5),
        ("1970-02-30", np.inf),
        ("01/02/1970", np.inf),  # of two meanings
        ("1970", np.inf),
    ],
)
def test_a_date_is_written_with_the_year_first_or_with_points(text: str, seconds: float) -> None:
    assert cells(text).seconds().tolist() == [seconds]


@given(st.lists(st.floats(allow_infinity=False) | st.integers(-(2**50), 2**50)))
def test_numbers_as_words_are_the_same_numbers(values: list[float]) -> None:
    column = NumberCells("a", np.array(values, dtype=np.float64))
    np.testing.assert_array_equal(column.words().numbers(), column.numbers())
    np.testing.assert_array_equal(column.words().missing(), column.missing())


def test_columns_of_two_tables_are_joined_by_their_texts() -> None:
    joined = cells("x", "y").followed_by(cells("z", "x", ""))
    assert [*joined.words().texts] == ["x", "y", "z"]
    assert joined.words().codes.tolist() == [0, 1, 2, 0, -1]
    number = NumberCells("a", np.array([1.0, np.nan]))
    assert number.followed_by(cells("2", "x")).numbers().tolist()[2:] == [2.0, np.inf]
    both = number.followed_by(number)
    assert isinstance(both, NumberCells)
    np.testing.assert_array_equal(both.values, [1.0, np.nan, 1.0, np.nan])
