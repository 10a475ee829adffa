from dataclasses import replace

import pytest

from study.confirmation.candidates import baseline_of, best_candidates, distinct_configs
from study.record.snapshot import collect_snapshot


def accuracy_of_width(config):
    return 0.5 + 0.005 * config.width


def test_candidates_are_the_best_distinct_configs_and_never_the_baseline(make):
    record = collect_snapshot(make(accuracy_of_width).run)
    best = sorted(
        (one for one in record.trials if one.number > 0), key=lambda one: -(one.accuracy or 0)
    )

    found = best_candidates(record, 3)

    assert [one.name for one in found] == [f"trial {one.number}" for one in best[:3]]
    assert baseline_of(record).config.key not in {one.config.key for one in found}
    assert len({one.config.key for one in found}) == 3


@pytest.mark.parametrize(("top", "expected"), [(1, 1), (100, 7)])
def test_there_are_at_most_as_many_as_asked_for(make, top, expected):
    record = collect_snapshot(make(accuracy_of_width).run)

    assert len(best_candidates(record, top)) == expected
    assert distinct_configs(record) == 8


def test_a_config_that_was_repeated_is_ranked_by_its_mean_and_not_by_its_luckiest_trial(make):
    record = collect_snapshot(make(accuracy_of_width).run)
    lucky, sound = (record.trials[number] for number in (3, 5))
    again = replace(lucky, number=90, seed=1, origin="repeat", accuracy=0.75)
    trials = (record.trials[0], replace(lucky, accuracy=0.95), replace(sound, accuracy=0.9), again)

    found = best_candidates(replace(record, trials=trials), 3)

    # It is named by the best of its trials all the same.
    assert [one.name for one in found] == ["trial 5", "trial 3"]


def test_equals_by_mean_come_in_the_order_of_their_trials(make):
    record = collect_snapshot(make(accuracy_of_width).run)
    trials = tuple(replace(one, accuracy=0.8) for one in record.trials)

    found = best_candidates(replace(record, trials=trials), 2)

    assert [one.name for one in found] == ["trial 1", "trial 2"]


def test_trials_that_were_all_right_everywhere_are_ranked(make):
    record = collect_snapshot(make(accuracy_of_width).run)
    trials = tuple(replace(one, accuracy=1.0) for one in record.trials)

    assert [one.name for one in best_candidates(replace(record, trials=trials), 1)] == ["trial 1"]
