from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.record import Comparison, Confirmation, Retraining
from reports.trial_record import EpochRecord
from reports.trials import confirmed_finals
from search_spaces.faults import FaultError
from study.bundle.choice import choose, expected_range
from study.bundle.ingredients import claimed
from study.config import config_from_params
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory

MakeStudy = Callable[..., RunDirectory]
SHARE = 1 / 6


def _final(candidate: str, seed: int, accuracy: float | None) -> Retraining:
    params = config_from_params({"width": 77}).as_params()
    return Retraining("final", candidate, params, seed, None, "test", 359, accuracy, 2, 1.0, "ab")


CANT_TELL = Comparison("baseline", "CAN'T TELL", "CAN'T TELL: why", 0.0, 2, 359)


def test_without_confirmation_the_best_complete_trial_is_chosen(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    record = collect_snapshot(
        make_study(tmp_path / "a", [(16, 0.5), (32, 0.8), (40, 0.8), (24, None)])
    )

    choice = choose(record, SHARE)

    assert (choice.candidate, choice.seed, choice.weights_hash) == ("trial 1", 101, None)
    assert choice.config.width == 32
    claim = choice.claim
    assert (claim.accuracy, claim.split, claim.n, claim.seed) == (0.8, "validation", 240, 101)
    assert (claim.split_seed, claim.share) == (11, SHARE)
    assert claim.basis == "95 % interval of an equally good training on 240 images, from 1 seed"


def test_a_baseline_that_was_never_beaten_is_what_is_exported(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    record = collect_snapshot(make_study(tmp_path / "a", [(16, 0.9), (32, 0.8)]))

    assert choose(record, SHARE).candidate == "baseline"


def test_a_study_without_a_complete_trial_has_nothing_to_export(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    record = collect_snapshot(make_study(tmp_path / "a", [(16, None)]))

    with pytest.raises(FaultError) as error:
        choose(record, SHARE)

    assert str(error.value) == ("study a: no trial was completed, so there is nothing to export")


def test_the_confirmed_winner_comes_with_its_first_seed_and_its_own_params(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    rows = [_final("baseline", 5, 0.8), _final("trial 1", 5, 0.9), _final("trial 1", 6, 0.92)]
    confirmation = Confirmation("trial 1", tuple(rows), (CANT_TELL,), (), ledger_intact=True)
    record = replace(collect_snapshot(make_study(tmp_path / "a")), confirmation=confirmation)

    choice = choose(record, SHARE)

    assert (choice.candidate, choice.seed, choice.weights_hash) == ("trial 1", 5, "ab")
    assert choice.config.width == 77
    assert (choice.claim.accuracy, choice.claim.split, choice.claim.n) == (0.9, "test", 359)
    assert choice.claim.basis == "95 % prediction interval of one more training, from 2 seeds"


def test_a_claim_has_the_value_of_the_study_s_measure(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    rows = [replace(_final("trial 1", 5 + k, 0.9), value=0.25 + k) for k in range(2)]
    confirmation = Confirmation("trial 1", tuple(rows), (CANT_TELL,), (), ledger_intact=True)
    record = replace(
        collect_snapshot(make_study(tmp_path / "a")), confirmation=confirmation, measure="log_loss"
    )

    claim = choose(record, SHARE).claim

    assert (claim.accuracy, claim.measure, claim.value) == (0.9, "log_loss", 0.25)
    assert claimed(claim) == (
        "test log loss",
        "0.2500 nats (accuracy 90.00 %, n = 359, seed 5)",
    )


def test_a_confirmation_without_a_tested_final_counts_as_none(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    confirmation = Confirmation(
        "trial 1", (_final("trial 1", 5, None),), (CANT_TELL,), (), ledger_intact=True
    )
    record = replace(collect_snapshot(make_study(tmp_path / "a")), confirmation=confirmation)

    assert confirmed_finals(record) == ()
    assert choose(record, SHARE).claim.split == "validation"


def test_epochs_are_fixed_where_the_best_trial_stopped_early(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    record = collect_snapshot(make_study(tmp_path / "a"))
    losses = (0.9, 0.4, 0.6, 0.7)
    curve = tuple(EpochRecord(i, 1.0, loss, 0.5, 0.1) for i, loss in enumerate(losses, 1))
    best = record.trials[1]
    config = {**best.config, "patience": 2, "epochs": 50, "schedule": "cosine"}
    trials = (record.trials[0], replace(best, config=config, curve=curve))

    choice = choose(replace(record, trials=trials), SHARE)

    assert (choice.config.epochs, choice.config.patience) == (2, 0)
    assert choice.config.schedule_epochs == 50


def test_the_range_is_student_s_prediction_interval() -> None:
    # mean 0.9, s = 0.01, t(0.975, 2) = 4.3027, half = 4.3027 * 0.01 * sqrt(4/3) = 0.04968
    low, high, _ = expected_range([0.89, 0.90, 0.91], 360)

    assert (low, high) == (pytest.approx(0.85032, abs=1e-5), pytest.approx(0.94968, abs=1e-5))


@pytest.mark.parametrize("accuracies", [[1.0], [0.0], [0.5], [1.0, 1.0], [0.9, 0.9, 0.9]])
def test_a_range_is_never_empty_nor_outside_of_what_can_be(accuracies: list[float]) -> None:
    low, high, _ = expected_range(accuracies, 100)

    assert 0 <= low <= min(accuracies) <= max(accuracies) <= high <= 1
    assert high - low >= 0.01


def test_a_claim_on_folds_names_them(make_study: MakeStudy, tmp_path: Path) -> None:
    record = collect_snapshot(make_study(tmp_path / "a"))
    trials = tuple(replace(one, n=1437, folds=3) for one in record.trials)

    claim = choose(replace(record, trials=trials, folds=3), 1 / 3).claim

    assert (claim.share, claim.folds, claim.n) == (1 / 3, 3, 1437)
    assert claimed(claim)[1].endswith("(3 folds, n = 1,437, seed 101)")
