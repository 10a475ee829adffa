from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.data.folds import fold_numbers
from study.data.row_values import row_values
from study.data.split import held_weights, split_data
from study.data.values import About, Examples, Split, TrainingData

ABOUT = About("made up", (1,), ("a", "b", "c"), 1.0, "0" * 64, 0)


def data_of(labels, groups=None) -> TrainingData:
    rows = np.arange(len(labels), dtype=np.float32)[:, None]
    own = None if groups is None else np.array(groups, np.int32)
    return TrainingData(ABOUT, Examples(rows, np.array(labels, np.int32)), own)


@given(
    st.lists(st.integers(2, 40), min_size=1, max_size=6), st.integers(2, 5), st.integers(0, 2**63)
)
def test_every_row_is_in_one_fold_and_folds_are_as_alike_as_can_be(
    counts: list[int], folds: int, seed: int
) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    try:
        found = fold_numbers(data_of(labels), folds, seed)
    except FaultError:
        assert len(labels) < folds
        return
    assert set(found.tolist()) == set(range(folds))
    for part in (found, *(found[labels == one] for one in range(len(counts)))):
        sizes = np.bincount(part, minlength=folds)
        assert sizes.max() - sizes.min() <= 1
    for fold in range(folds):
        assert set(labels[found != fold]) == set(labels)


def test_the_splits_of_all_folds_hold_each_row_out_once() -> None:
    training = data_of([0, 1, 2] * 11)
    parts = [split_data(training, one) for one in Split(4, 0.2, 5).in_turn()]
    held = np.concatenate([one.validation.inputs[:, 0] for one in parts if one.validation])
    assert sorted(held.tolist()) == list(range(33))
    for one in parts:
        assert one.validation is not None
        both = np.concatenate([one.train.inputs[:, 0], one.validation.inputs[:, 0]])
        assert sorted(both.tolist()) == list(range(33))


def test_the_folds_of_a_seed_are_the_same_on_every_machine_and_version() -> None:
    labels = np.arange(14) % 3
    assert fold_numbers(data_of(labels), 3, 42).tolist() == [
        0,
        2,
        1,
        1,
        0,
        0,
        1,
        0,
        2,
        0,
        1,
        1,
        2,
        2,
    ]


def test_the_only_row_of_a_class_is_trained_on_in_every_fold() -> None:
    found = fold_numbers(data_of([0, 1, 0, 0, 2, 1, 1]), 3, 9)
    assert [place for place, fold in enumerate(found) if fold < 0] == [4]


@given(st.integers(2, 40), st.integers(2, 5), st.integers(0, 2**32))
def test_a_group_is_never_on_two_sides_of_any_fold(n_groups: int, folds: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, labels = rng.integers(0, n_groups, 120), rng.integers(0, 3, 120)
    try:
        found = fold_numbers(data_of(labels, groups), folds, seed)
    except FaultError as error:
        # Few groups, or some that alone have a class.
        assert "too few groups that can be held out" in str(error)  # noqa: PT017
        assert n_groups < 10
        return
    for group in set(groups.tolist()):
        assert len(set(found[groups == group].tolist())) == 1
    for fold in range(folds):
        assert set(labels[found != fold]) == set(labels.tolist())


def test_many_groups_spread_each_class_evenly_over_the_folds() -> None:
    rng = np.random.default_rng(3)
    groups, labels = rng.integers(0, 200, 2000), rng.integers(0, 3, 2000)
    found = fold_numbers(data_of(labels, groups), 5, 1)
    shares = [np.bincount(labels[found == fold]) / np.bincount(labels) for fold in range(5)]
    assert np.abs(np.array(shares) - 0.2).max() < 0.02


@pytest.mark.parametrize(
    ("labels", "groups", "message"),
    [
        (
            [0, 0, 1, 1],
            None,
            "rows of classes with two rows or more; got 5; allowed: --folds 4",
        ),
        (
            [0, 1] * 10,
            [0] * 10 + [1] * 10,
            "groups that can be held out; got 5; allowed: --folds 2",
        ),
    ],
)
def test_folds_that_would_be_empty_are_reported(labels, groups, message) -> None:
    with pytest.raises(FaultError) as caught:
        fold_numbers(data_of(labels, groups), 5, 1)
    what = "--folds: the training rows cannot be divided into folds: too few"
    assert str(caught.value) == f"{what} {message}"


def test_what_rows_count_in_balanced_accuracy_adds_up_over_folds_to_that_of_all_rows() -> None:
    # A rare class, which some folds do not have.
    labels = np.array([0] * 20 + [1] * 9 + [2] * 3, np.int32)
    training = data_of(labels)
    chances = np.random.default_rng(0).dirichlet(np.ones(3), 32).astype(np.float32)
    sums = 0.0
    for split in Split(1, 0.2, 5).in_turn():
        held = fold_numbers(training, 5, 1) == split.fold
        weights = held_weights(training, split, "balanced_accuracy")
        sums += float((weights * (chances[held].argmax(axis=1) == labels[held])).sum())
    assert sums / 32 == pytest.approx(row_values("balanced_accuracy", chances, labels).mean())


def test_a_split_that_is_no_fold_is_what_it_was() -> None:
    training = data_of([0, 1] * 12)
    split = Split(5, 0.25)
    assert split.in_turn() == (split,)
    assert replace(split, folds=4).in_turn()[3] == Split(5, 0.25, 4, 3)
    one = split_data(training, split).validation
    assert one is not None
    assert held_weights(training, split, "balanced_accuracy").mean() == pytest.approx(1)
    assert one.n == 6
