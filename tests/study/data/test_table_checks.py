"""What looks suspicious about a table is found, and nothing where nothing is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from study.data.arrays import WholeData
from study.data.check_findings import Finding
from study.data.columns import Column
from study.data.table_checks import find_in_table
from study.data.values import Examples

LEVELS = ("a", "b", "c", "d")


def made(seed: int = 0, n: int = 900) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return rows of a number and a category, and labels that the first tells a little of."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n).astype(np.int32)
    inputs = np.column_stack((rng.normal(labels, 2.0), rng.integers(0, 4, n))).astype(np.float32)
    return inputs, labels


def table(inputs: NDArray[np.float32], labels: NDArray[np.int32], cut: int = 600) -> WholeData:
    return WholeData(
        Examples(inputs[:cut], labels[:cut]),
        Examples(inputs[cut:], labels[cut:]),
        (2,),
        ("x", "y", "z"),
        1.0,
        (Column("size", None), Column("kind", LEVELS)),
    )


def topics(whole: WholeData) -> dict[str, Finding]:
    return {one.topic: one for one in find_in_table(whole)}


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_table_has_no_warning(seed: int) -> None:
    found = find_in_table(table(*made(seed)))
    assert [one.text for one in found] == [
        "1 of numbers, 1 of categories; kind: 4 levels",
        "no training row lacks a value",
        "no column is distributed otherwise in the test rows",
    ]
    assert not any(one.warns for one in found)


def test_missing_values_are_counted_and_too_many_are_a_warning() -> None:
    inputs, labels = made()
    inputs[:60, 0] = np.nan
    missing = topics(table(inputs, labels))["missing"]
    assert (missing.text, missing.warns) == ("of the training rows: size 10.0%", False)
    inputs[:400, 1] = np.nan
    missing = topics(table(inputs, labels))["missing"]
    assert (missing.text, missing.warns) == ("of the training rows: size 10.0%; kind 66.7%", True)


@pytest.mark.parametrize("place", [0, 1])
def test_a_column_that_alone_gives_the_class_away_is_suspect(place: int) -> None:
    inputs, labels = made()
    inputs[:, place] = labels
    name = ("size", "kind")[place]
    assert topics(table(inputs, labels))["leakage"].text == (
        f"column {name} alone predicts 100.0% of the training rows: "
        "is it known before the class is?"
    )


def test_levels_of_test_rows_alone_are_counted() -> None:
    inputs, labels = made()
    inputs[700:703, 1] = -1
    assert topics(table(inputs, labels))["levels"].text == (
        "test rows with a level that no training row has: kind in 3"
    )


@pytest.mark.parametrize(("place", "name"), [(0, "size"), (1, "kind")])
def test_test_rows_of_another_distribution_are_named(place: int, name: str) -> None:
    inputs, labels = made()
    inputs[600:, place] = inputs[600:, place] * 0.3 if place == 0 else 1
    drift = topics(table(inputs, labels))["drift"]
    assert drift.warns
    assert drift.text == f"test rows are distributed otherwise than training rows: {name}"


def test_images_have_no_findings_of_columns() -> None:
    whole = table(*made())
    plain = WholeData(whole.train, whole.test, (2,), whole.classes, 1.0)
    assert find_in_table(plain) == ()


def test_drift_is_seldom_found_where_there_is_none() -> None:
    # A chance of 0.001 a table: two or more of 300 have a probability of 0.04.
    found = [topics(table(*made(seed, 300), 200))["drift"].warns for seed in range(300)]
    assert sum(found) <= 1
