"""What earlier processes left of a study's trials, as its files hold it."""

from contextlib import closing
from dataclasses import dataclass

from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.frozen_trials import shows_an_end
from study.coordinator.old_records import old_records
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.storage import open_storage
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, storage_url


@dataclass(frozen=True)
class History:
    """Every trial asked, in order, and every one recorded, by number."""

    asked: tuple[AskedTrial, ...]
    recorded: tuple[TrialRecord, ...]

    def in_flight(self) -> tuple[AskedTrial, ...]:
        """Return the trials that were asked and have not ended, by number."""
        recorded = {record.number for record in self.recorded}
        return tuple(trial for trial in self.asked if trial.number not in recorded)


def read_history(run: RunDirectory, plan: Plan, storage: str | None) -> History:
    """Return a study's trials without writing anything; raises FaultError.

    `storage` is the URL to read where the plan's own lost its password: only a study that no
    coordinator of this version has opened has its records there.
    """
    # In this order: a trial that ends meanwhile is recorded, or still in flight, but not missing.
    asked = AskedFile(run.open_lines(run.asked)).read()
    recorded = RecordedTrials(run)
    if recorded.exists:
        return History(asked, recorded.read())
    url = storage_url(run, plan, storage)
    with closing(open_storage(url, plan.name, create=False)) as found:
        trials = found.trials()
    lost = [str(trial.number) for trial in trials if shows_an_end(trial)]
    if lost:
        raise fault(str(run.trials), "some of the study's trials are missing here", ", ".join(lost))
    records = sorted(old_records(trials), key=lambda record: record.number)
    return History(asked, tuple(records))
