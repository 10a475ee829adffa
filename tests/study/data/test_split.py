import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.data.built_in.digits import read_digits
from study.data.split import VALIDATION_SHARE, split_data
from study.data.stratify import stratified
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


def test_a_class_that_cannot_be_split_is_reported() -> None:
    with pytest.raises(FaultError) as caught:
        stratified(np.array([0, 0, 1, 2], np.int32), 0.5, 1)
    assert str(caught.value) == (
        "split: classes with fewer than two images; got [1, 2]; allowed: at least 2 images a class"
    )


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
