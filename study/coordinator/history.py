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
from study.run_dir.urls import is_postgres


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
    asked = AskedFile(run.open_lines(run.asked), plan.network).read()
    recorded = RecordedTrials(run)
    if not recorded.exists:
        old = _read_old(run, storage_url(run, plan, storage), plan.name)
        # By now a coordinator may have moved them.
        if not recorded.exists:
            return History(asked, old)
    return History(asked, recorded.read())


def _read_old(run: RunDirectory, url: str, name: str) -> tuple[TrialRecord, ...]:
    with closing(open_storage(url, name, create=False)) as found:
        trials = found.trials()
    lost = [str(trial.number) for trial in trials if shows_an_end(trial)]
    # A copy of what PostgreSQL keeps has no file before the first trial ends, which it may do now.
    if lost and not run.trials.exists() and not is_postgres(url):
        raise fault(str(run.trials), "some of the study's trials are missing here", ", ".join(lost))
    return tuple(sorted(old_records(trials), key=lambda record: record.number))
