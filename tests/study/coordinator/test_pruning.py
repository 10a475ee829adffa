"""Pruning compares like with like, spares the baseline, and lets a share through."""

from dataclasses import replace

import numpy as np
import pytest

from reports.trial_record import EpochRecord, TrialRecord
from study.config import config_from_params
from study.coordinator.curves import POINTS, point_of, resample
from study.coordinator.pruners import RULES
from study.coordinator.pruning import Pruning, PruningDecision
from study.run_dir.search_options import PRUNERS

CONFIG = config_from_params({"epochs": 10})


def curve(top: float, epochs: int) -> tuple[EpochRecord, ...]:
    """Rise evenly to `top`, so that at equal shares equal networks are equal."""
    return tuple(EpochRecord(e, 1.0, 1.0, top * e / epochs, 1.0) for e in range(1, epochs + 1))


def ended(top: float, epochs: int = 10) -> TrialRecord:
    return TrialRecord(
        0, "complete", "search", {}, {}, 1, "validation", 9, top, None, curve(top, epochs)
    )


@pytest.fixture
def peers() -> Pruning:
    pruning = Pruning("median", study_seed=1)
    for order in range(20):
        pruning.add(order, CONFIG, ended(0.80 + order / 100))
    return pruning


def verdicts(pruning: Pruning, config, rows, latest=99):
    return {pruning.judge(order, config, rows, latest) for order in range(1, 60)}


def test_a_trial_below_the_median_stops_and_about_one_in_ten_goes_on(peers):
    low = curve(0.81, 10)[:5]
    assert verdicts(peers, CONFIG, low) == {PruningDecision.STOP, PruningDecision.AUDIT}
    assert verdicts(peers, CONFIG, curve(0.99, 10)[:5]) == {PruningDecision.GO}


@pytest.mark.parametrize("epochs", [4, 20, 40])
def test_epochs_are_compared_at_equal_shares_of_the_plan(peers, epochs):
    config = replace(CONFIG, epochs=epochs)
    assert verdicts(peers, config, curve(0.95, epochs)[: epochs // 2]) == {PruningDecision.GO}
    assert PruningDecision.STOP in verdicts(peers, config, curve(0.81, epochs)[: epochs // 2])


@pytest.mark.parametrize("change", [{"schedule": "cosine"}, {"ema": 0.99}])
def test_other_kinds_of_curves_are_no_peers(peers, change):
    assert verdicts(peers, replace(CONFIG, **change), curve(0.5, 10)[:5]) == {PruningDecision.GO}


def test_baseline_warm_up_and_last_epoch_are_spared(peers):
    assert peers.judge(0, CONFIG, curve(0.1, 10)[:5], 99) is PruningDecision.GO
    assert verdicts(peers, CONFIG, curve(0.1, 10)[:2]) == {PruningDecision.GO}
    assert verdicts(peers, CONFIG, curve(0.1, 10)) == {PruningDecision.GO}


def test_only_peers_up_to_the_latest_count(peers):
    assert verdicts(peers, CONFIG, curve(0.1, 10)[:5], latest=3) == {PruningDecision.GO}
    assert PruningDecision.STOP in verdicts(peers, CONFIG, curve(0.1, 10)[:5], latest=4)


def test_every_pruner_that_can_be_named_has_a_rule():
    assert tuple(RULES) == PRUNERS


@pytest.mark.parametrize("pruner", PRUNERS)
def test_every_rule_keeps_the_best_and_all_but_none_stop_the_worst(pruner):
    rows = np.stack([resample(curve(0.5 + i / 40, 10), 10, ended=True) for i in range(20)])
    good = resample(curve(0.999, 10)[:7], 10, ended=False)
    bad = resample(curve(0.1, 10)[:7], 10, ended=False)
    assert not any(RULES[pruner](good, rows, 70, order) for order in range(6))
    assert any(RULES[pruner](bad, rows, 70, order) for order in range(6)) == (pruner != "none")


def test_a_curve_is_the_best_so_far_between_its_first_and_last_epoch():
    rows = [EpochRecord(e, 1.0, 1.0, a, 1.0) for e, a in ((1, 0.5), (2, 0.4), (3, 0.8))]
    found = resample(rows, 4, ended=False)
    assert np.isnan(found[24])
    assert found[25] == 0.5
    assert found[50] == 0.5
    assert found[75] == 0.8
    assert np.isnan(found[76])
    assert resample(rows, 4, ended=True)[POINTS] == 0.8
    assert [point_of(1, 3), point_of(3, 3)] == [33, 100]
