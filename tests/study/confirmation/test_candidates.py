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
