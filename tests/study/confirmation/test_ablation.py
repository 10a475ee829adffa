import pytest

from reports.record import Interval
from study.config import config_from_params
from study.confirmation.ablation import (
    changed,
    greedy_path,
    paired_interval,
    smallest_prefix,
    step_level,
)


def test_changes_are_the_winners_values_where_they_differ():
    baseline = config_from_params({"width": 512, "dropout": 0.2})
    winner = config_from_params({"width": 700, "dropout": 0.2, "epochs": 9})

    assert changed(baseline, winner) == {"width": 700, "epochs": 9}
    assert changed(winner, winner) == {}


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ([0.90, 0.95, 0.951], 1),
        ([0.90, 0.92, 0.94], 2),
        ([0.90, 0.89, 0.93], 2),
        ([0.90, 0.89], 0),
        ([0.90, 0.90], 0),
        ([0.90], 0),
        ([0.90, 0.97, 0.95], 1),
    ],
)
def test_the_smallest_set_keeps_nine_tenths_of_the_gain(means, expected):
    assert smallest_prefix(means) == expected


def test_the_interval_of_paired_differences_is_students():
    # Differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t(2) = 4.3027.
    assert paired_interval([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]) == Interval(
        pytest.approx(2 - 4.302653 / 3**0.5), pytest.approx(2 + 4.302653 / 3**0.5), 0.95
    )


def test_one_pair_has_no_interval():
    assert paired_interval([1.0], [0.5]) is None


def test_the_path_takes_the_change_that_brings_most_given_those_taken():
    gains = {"a": 0.01, "b": 0.03, "c": 0.02}

    def accuracies(taken, tried):
        return [[0.9 + sum(gains[name] for name in (*taken, one))] * 3 for one in tried]

    path, means = greedy_path(tuple(gains), accuracies)

    assert path == ["b", "c", "a"]
    assert means == pytest.approx([0.93, 0.95, 0.96])


@pytest.mark.parametrize(("steps", "level"), [(1, 0.95), (2, 0.975), (10, 0.995)])
def test_all_steps_share_an_error_of_one_in_twenty(steps, level):
    assert step_level(steps) == pytest.approx(level)
