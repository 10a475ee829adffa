"""Inputs that are copies of one another, equal or nearly so, inside and across splits."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from study.data import near
from study.data.arrays import WholeData
from study.data.columns import Column
from study.data.copies import find_copies
from study.data.near import near_pairs
from study.data.values import Examples


def noise(n: int, features: int = 36, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (n, features), dtype=np.uint8)


def whole_of(
    train: NDArray[Any],
    test: NDArray[Any],
    groups: list[int] | None = None,
    columns: tuple[Column, ...] = (),
) -> WholeData:
    given_groups = None if groups is None else np.array(groups, np.int32)
    return WholeData(
        Examples(train, np.zeros(len(train), np.int32)),
        Examples(test, np.zeros(len(test), np.int32), given_groups),
        train.shape[1:],
        ("a",),
        255.0,
        columns,
    )


def groups_of(whole: WholeData) -> list[int] | None:
    found = find_copies(whole).test_groups
    return None if found is None else found.tolist()


def test_inputs_that_all_differ_are_no_copies_and_no_groups() -> None:
    found = find_copies(whole_of(noise(50), noise(20, seed=1)), within_training=True)

    assert (found.leaked, found.nearly_leaked, found.repeated, found.nearly_repeated) == (0,) * 4
    assert (found.test_groups, found.distinct, found.compared) == (None, 70, 70)


def test_equal_and_nearly_equal_test_inputs_belong_together() -> None:
    one, two, three = noise(3)
    nearly = one ^ 1
    test = np.stack((two, one, three, nearly, two, one))

    assert groups_of(whole_of(noise(50, seed=1), test)) == [0, 1, 2, 1, 0, 1]


def test_copies_of_training_inputs_are_counted_equal_ones_apart_from_nearly_equal_ones() -> None:
    train = noise(50)
    test = np.concatenate((train[[3, 3, 4]], train[[5]] ^ 1, noise(4, seed=1)))

    found = find_copies(whole_of(train, test))

    assert (found.leaked, found.nearly_leaked) == (3, 1)


def test_test_inputs_that_are_nearly_one_training_input_belong_together() -> None:
    train = noise(50)
    test = np.stack((train[5] + (train[5] < 255), train[5] - (train[5] > 0), *noise(3, seed=1)))

    assert groups_of(whole_of(train, test)) == [0, 0, 1, 2, 3]


def test_copies_within_training_inputs_are_counted_where_asked_for() -> None:
    train = noise(50)
    whole = whole_of(np.concatenate((train, train[:2], train[7:8] ^ 1)), noise(20, seed=1))

    found = find_copies(whole, within_training=True)

    # Two are equal to earlier ones; one and its near copy are nearly another one.
    assert (found.repeated, found.nearly_repeated) == (2, 2)
    assert find_copies(whole).nearly_repeated == 0


def test_groups_that_the_data_came_with_and_copies_are_joined() -> None:
    test = noise(6)
    test[5] = test[0]

    assert groups_of(whole_of(noise(50, seed=1), test, [0, 1, 1, 2, 3, 4])) == [0, 1, 1, 2, 3, 0]
    alone = whole_of(noise(50, seed=1), noise(4, seed=2), [3, 1, 0, 2])
    assert groups_of(alone) is None


def test_inputs_of_few_numbers_may_be_equal_by_chance_and_are_no_groups() -> None:
    test = np.repeat(noise(3, features=15), 2, axis=0)

    found = find_copies(whole_of(np.concatenate((test[:1], noise(20, 15, 1))), test))

    assert (found.test_groups, found.leaked, found.compared) == (None, 2, 0)


def test_rows_of_a_table_may_be_equal_by_chance_and_only_given_groups_count() -> None:
    columns = tuple(Column(f"c{i}", None) for i in range(20))
    rows = np.random.default_rng(0).normal(0, 1, (40, 20)).astype(np.float32)
    rows *= np.logspace(-3, 6, 20, dtype=np.float32)
    rows[::7, 3] = np.nan
    test = np.concatenate((rows[:2], rows[2:3] * np.float32(1.001), rows[35:]))

    found = find_copies(whole_of(rows[:30], test, columns=columns))

    assert (found.test_groups, found.leaked, found.nearly_leaked) == (None, 2, 1)
    given_too = whole_of(rows[:30], test, [0, 0, *range(1, 7)], columns)
    assert groups_of(given_too) == [0, 0, 1, 2, 3, 4, 5, 6]


@given(st.integers(1, 60), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_near_pairs_are_all_that_a_search_through_all_pairs_finds(
    n: int, features: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 1, (n, features)).astype(np.float32)
    copied = rng.integers(0, n, n // 2)
    rows[: n // 2] = rows[copied] + rng.normal(0, 0.03, (n // 2, features)).astype(np.float32)
    mean = rows.mean(axis=0)
    spread = np.sqrt(np.median(((rows - mean) ** 2).sum(axis=1)))
    apart = np.sqrt(((rows[:, None].astype(np.float64) - rows) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)

    found = near_pairs(lambda numbers: rows[numbers], n, features, np.arange(n))

    pairs = {tuple(pair) for pair in found.pairs.tolist()}
    # Rounding may decide for a pair that lies on the limit itself.
    slack = 1e-4 * near.NEAR * spread + 1e-6
    sure = set(zip(*np.nonzero(apart < near.NEAR * spread - slack), strict=True))
    possible = set(zip(*np.nonzero(apart <= near.NEAR * spread + slack), strict=True))
    if not found.crowded:
        assert sure <= pairs
    assert pairs <= possible


def test_what_lies_beyond_the_bounds_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("study.data.copies.MOST_ROWS", 30)
    train = noise(50)
    test = np.concatenate((train[40:41] ^ 1, noise(19, seed=1)))

    found = find_copies(whole_of(train, test))

    assert (found.distinct, found.compared, found.nearly_leaked) == (70, 30, 0)


def test_rows_with_more_neighbours_than_are_looked_at_are_counted() -> None:
    crowd = noise(1).repeat(60, axis=0)
    crowd[np.arange(60), np.arange(60) % 36] ^= 1
    crowd[36:] ^= 2
    whole = whole_of(noise(200, seed=1), crowd)

    found = find_copies(whole)

    assert found.near.crowded == 60
    assert groups_of(whole) == [0] * 60
