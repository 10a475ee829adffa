import numpy as np
import pytest

from reports.statistics.scores import Scores
from study.confirmation.analysis import optimism
from study.confirmation.candidates import best_candidates
from study.record.snapshot import collect_snapshot

CORRECT = [Scores(one) for one in np.random.default_rng(0).random((2, 3, 400)) < 0.9]


def worse_than_baseline(config):
    return 0.9 if config.width == 8 else 0.8


def test_the_best_of_the_search_is_held_against_its_own_retrainings(make):
    record = collect_snapshot(make(worse_than_baseline).run)
    best = best_candidates(record, 1)[0].name
    raced = {"baseline": (0.95, 0.95), best: (0.8, 0.7)}

    found = optimism(record, raced, CORRECT)

    observed = {f"trial {one.number}": one.accuracy for one in record.trials}
    assert found.observed == observed[best]
    assert found.confirmed == pytest.approx(0.75)
    lead = observed[best] - next(t.accuracy for t in record.trials if t.origin == "baseline")
    assert found.bias == pytest.approx(lead - (0.75 - 0.95))
    assert found.interval.low < found.bias < found.interval.high


def test_without_the_baselines_own_race_no_bias_is_set_apart_from_the_splits(make):
    record = collect_snapshot(make(worse_than_baseline).run)
    best = best_candidates(record, 1)[0].name
    found = optimism(record, {"baseline": (0.95,), best: (0.8, 0.7)}, CORRECT)
    assert (found.bias, found.interval) == (None, None)


def test_the_baseline_is_never_the_best_of_the_search(make):
    record = collect_snapshot(make(worse_than_baseline).run)
    assert max(record.trials, key=lambda one: one.accuracy).origin == "baseline"

    assert optimism(record, {"baseline": (0.95, 0.95)}, CORRECT) is None
