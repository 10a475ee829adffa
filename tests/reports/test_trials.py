"""Which trials are meant, by their names and by what they reached."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.record import StudyRecord
from reports.trial_record import EpochRecord
from reports.trials import (
    BASELINE,
    accuracy_of,
    best_so_far,
    best_trial,
    counted,
    ranked,
    score_of,
    trial_called,
    trial_name,
    value_of,
    winner_trial,
)

MakeRecord = Callable[..., StudyRecord]


def test_every_counted_trial_is_found_by_its_own_name(make_record: MakeRecord) -> None:
    record = make_record(40)
    names = [trial_name(trial) for trial in counted(record)]
    assert names[:2] == [BASELINE, "trial 1"]
    assert [trial_called(name, record) for name in names] == list(counted(record))


@pytest.mark.parametrize("name", ["trial 0", "trial 99", "trial", "3", "baseline, equal compute"])
def test_a_name_that_no_trial_has_means_none(make_record: MakeRecord, name: str) -> None:
    assert trial_called(name, make_record(40)) is None


def test_an_attempt_that_was_lost_is_not_meant(make_record: MakeRecord) -> None:
    record = make_record(3, answer=None)
    lost = replace(record.trials[0], lost=True)
    again = replace(record.trials[0], number=3, retry_of=0)
    record = replace(record, trials=(lost, *record.trials[1:], again))
    assert trial_called(BASELINE, record) == again


def test_the_winner_is_the_trial_that_confirmation_names(make_record: MakeRecord) -> None:
    record = make_record(40)
    confirmation = record.confirmation
    assert confirmation is not None
    named = replace(record, confirmation=replace(confirmation, winner="trial 2"))
    assert winner_trial(named) == record.trials[2]
    unnamed = replace(record, confirmation=replace(confirmation, winner="trial 99"))
    assert winner_trial(unnamed) == winner_trial(replace(record, confirmation=None))


def with_values(record: StudyRecord, values: dict[int, float]) -> StudyRecord:
    """Return the record as one of log loss, of these trials alone."""
    trials = tuple(
        replace(record.trials[0], number=number, origin="search", value=value, state="complete")
        for number, value in values.items()
    )
    return replace(record, trials=trials, measure="log_loss", confirmation=None)


def test_the_best_trial_is_the_one_of_the_best_value_in_the_measures_direction(
    make_record: MakeRecord,
) -> None:
    record = with_values(make_record(3), {0: 0.4, 1: 0.2, 2: 0.3, 3: 0.2})
    assert [trial.number for trial in ranked(record.trials, "log_loss")] == [1, 3, 2, 0]
    assert best_trial(record) == record.trials[1]
    assert best_so_far(record.trials, "log_loss") == ((0, 0.4), (1, 0.2))
    assert [score_of("log_loss", trial) for trial in record.trials] == [-0.4, -0.2, -0.3, -0.2]


def test_a_trial_without_an_end_has_the_last_value_of_its_curve(make_record: MakeRecord) -> None:
    epochs = (EpochRecord(1, 0.5, 0.6, 0.7, 1.0, 0.9), EpochRecord(2, 0.4, 0.5, 0.8, 1.0, 0.7))
    trial = replace(make_record(1).trials[0], state="pruned", accuracy=None, curve=epochs)
    assert (value_of(trial), accuracy_of(trial), score_of("log_loss", trial)) == (0.7, 0.8, -0.7)
    plain = replace(trial, curve=tuple(replace(one, value=None) for one in epochs))
    assert (value_of(plain), score_of("accuracy", plain)) == (0.8, 0.8)
    bare = replace(trial, curve=())
    assert math.isnan(value_of(bare))
    assert math.isnan(accuracy_of(bare))
    assert score_of("accuracy", bare) == score_of("log_loss", bare) == -math.inf
