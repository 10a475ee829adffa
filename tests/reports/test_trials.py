"""Which trial a candidate's name means."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.record import StudyRecord
from reports.trials import BASELINE, counted, trial_called, trial_name, winner_trial

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
