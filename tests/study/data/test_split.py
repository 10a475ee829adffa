from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.data.built_in.digits import read_digits
from study.data.split import VALIDATION_SHARE, split_data
from study.data.stratify import grouped, stratified
from study.data.values import Split, TrainingData

shares = st.floats(0.01, 0.99)
seeds = st.integers(0, 2**63)


@st.composite
def label_arrays(draw: st.DrawFn) -> list[int]:
    """Labels of up to six classes with two or more examples each, in any order."""
    counts = draw(st.lists(st.integers(2, 40), min_size=1, max_size=6))
    labels = [code for code, count in enumerate(counts) for _ in range(count)]
    return draw(st.permutations(labels))


@given(label_arrays(), shares, seeds)
def test_a_split_takes_every_example_once_in_order_and_every_class_twice(
    given_labels: list[int], share: float, seed: int
) -> None:
    labels = np.array(given_labels, np.int32)
    kept, held = stratified(labels, share, seed)
    assert sorted([*kept, *held]) == list(range(len(labels)))
    assert kept.tolist() == sorted(kept)
    assert held.tolist() == sorted(held)
    assert set(labels[kept]) == set(labels[held]) == set(given_labels)


@given(label_arrays(), shares, seeds)
def test_each_class_gives_its_share_to_within_one_example(
    given_labels: list[int], share: float, seed: int
) -> None:
    labels = np.array(given_labels, np.int32)
    _, held = stratified(labels, share, seed)
    counts = np.bincount(labels)
    for count, taken in zip(counts, np.bincount(labels[held]), strict=True):
        exact = min(max(count * share, 1), count - 1)
        assert abs(taken - exact) <= 1


@given(seeds)
def test_classes_with_enough_examples_give_exactly_the_share_in_all(seed: int) -> None:
    labels = np.repeat(np.arange(7, dtype=np.int32), [50, 61, 47, 53, 59, 43, 47])
    _, held = stratified(labels, 1 / 6, seed)
    assert len(held) == 60


@given(label_arrays(), shares, seeds)
def test_the_same_seed_gives_the_same_split(
    given_labels: list[int], share: float, seed: int
) -> None:
    labels = np.array(given_labels, np.int32)
    first, again = stratified(labels, share, seed), stratified(labels, share, seed)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_split_of_a_seed_is_the_same_on_every_machine_and_version() -> None:
    labels = np.arange(20, dtype=np.int32) % 3
    _, held = stratified(labels, 0.3, 42)
    assert held.tolist() == [0, 1, 2, 4, 6, 17]


def test_every_example_is_held_out_about_equally_often() -> None:
    # 600 seeds, share 1/4: 150 expected, standard deviation 10.6; six of them allowed.
    labels = np.repeat(np.arange(2, dtype=np.int32), [16, 24])
    times = np.zeros(40)
    for seed in range(600):
        times[stratified(labels, 0.25, seed)[1]] += 1
    assert times.mean() == 150
    assert abs(times - 150).max() < 64


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_share_out_of_range_is_reported(share: float) -> None:
    with pytest.raises(FaultError) as caught:
        stratified(np.array([0, 0, 1, 1], np.int32), share, 1)
    assert str(caught.value) == (
        f"split: a share out of range; got {share}; allowed: between 0 and 1"
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_example_that_is_alone_in_its_class_is_trained_on(share: float) -> None:
    labels = np.array([0, 0, 1, 0, 2, 0], np.int32)
    for seed in range(20):
        kept, held = stratified(labels, share, seed)
        assert {2, 4} <= set(kept.tolist())
        assert sorted([*kept, *held]) == list(range(6))
        assert len(held) == max(1, min(3, round(6 * share)))


@pytest.mark.parametrize("labels", [[], [0, 1, 2]])
def test_examples_of_which_none_can_be_held_out_are_reported(labels: list[int]) -> None:
    with pytest.raises(FaultError) as caught:
        stratified(np.array(labels, np.int32), 0.5, 1)
    assert str(caught.value) == (
        "split: no class has two examples, one to train on and one to hold out; "
        f"got {len(labels)} examples; allowed: at least 2 of a class"
    )


@given(st.integers(1, 30), st.integers(2, 4), st.integers(0, 2**32), st.floats(0.05, 0.6))
def test_a_group_is_never_on_two_sides(n_groups: int, k: int, seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, n_groups, 120).astype(np.int32)
    labels = rng.integers(0, k, 120).astype(np.int32)
    try:
        kept, held = grouped(labels, groups, share, seed)
    except FaultError as error:
        # Few groups may all be too large, or the only ones with some class.
        assert "no group can be held out" in str(error)  # noqa: PT017
        assert n_groups < 10
        return
    assert sorted([*kept, *held]) == list(range(120))
    assert not set(groups[kept]) & set(groups[held])
    assert set(labels[kept]) == set(labels)


def test_many_groups_give_each_class_about_its_share() -> None:
    rng = np.random.default_rng(3)
    groups, labels = rng.integers(0, 300, 3000).astype(np.int32), rng.integers(0, 3, 3000)
    for seed in range(5):
        _, held = grouped(labels.astype(np.int32), groups, 0.2, seed)
        shares = np.bincount(labels[held]) / np.bincount(labels)
        assert abs(shares - 0.2).max() < 0.03


def test_the_groups_of_a_seed_are_the_same_on_every_machine_and_version() -> None:
    labels = np.arange(24, dtype=np.int32) % 3
    _, held = grouped(labels, np.arange(24, dtype=np.int32) // 2, 0.3, 42)
    assert held.tolist() == [0, 1, 2, 3, 4, 5, 8, 9]


def test_groups_that_cannot_be_parted_are_reported() -> None:
    labels = np.array([0, 1, 0, 1], np.int32)
    with pytest.raises(FaultError) as caught:
        grouped(labels, np.zeros(4, np.int32), 0.2, 1)
    assert str(caught.value) == (
        "split: no group can be held out: each is too large, or holds all rows of a class; "
        "got 1 groups; allowed: more groups, with several classes each"
    )


def test_a_validation_split_keeps_groups_together(training: TrainingData) -> None:
    groups = np.repeat(np.arange(4, dtype=np.int32), 3)
    search = split_data(replace(training, groups=groups), Split(5, 0.25))
    assert search.validation is not None
    assert search.validation.n == 3
    held = {row.tobytes() for row in search.validation.inputs}
    places = [i for i, row in enumerate(training.examples.inputs) if row.tobytes() in held]
    assert len({groups[place] for place in places}) == 1


def test_the_parts_hold_each_image_with_its_own_label(training: TrainingData) -> None:
    search = split_data(training, Split(5, VALIDATION_SHARE))
    assert search.about is training.about
    assert search.validation is not None
    assert (search.train.n, search.validation.n) == (9, 3)
    label_of = {
        row.tobytes(): int(label)
        for row, label in zip(training.examples.inputs, training.examples.labels, strict=True)
    }
    seen = []
    for part in (search.train, search.validation):
        for row, label in zip(part.inputs, part.labels, strict=True):
            assert label_of[row.tobytes()] == label
            seen.append(row.tobytes())
    assert sorted(seen) == sorted(label_of)


def test_without_a_split_all_examples_are_trained_on(training: TrainingData) -> None:
    search = split_data(training, None)
    assert search.train is training.examples
    assert search.validation is None


def test_another_seed_gives_another_split() -> None:
    labels = read_digits().train.labels
    first, second = (stratified(labels, VALIDATION_SHARE, seed)[1] for seed in (1, 2))
    assert len(set(first) & set(second)) < len(first) / 2
