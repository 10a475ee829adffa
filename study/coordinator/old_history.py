"""The trials of a study whose records lie in its Optuna storage alone, as in the first edition."""

from contextlib import closing

from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from study.coordinator.frozen_trials import shows_an_end
from study.coordinator.old_records import old_records
from study.coordinator.storage import open_storage
from study.run_dir.paths import RunDirectory
from study.run_dir.urls import is_postgres


def read_old(run: RunDirectory, url: str, name: str) -> tuple[TrialRecord, ...]:
    """Return the trials that ended, by number; raises FaultError, also where some are missing."""
    with closing(open_storage(url, name, create=False)) as found:
        trials = found.trials()
    lost = [str(trial.number) for trial in trials if shows_an_end(trial)]
    # A copy of what PostgreSQL keeps has no file before the first trial ends, which it may do now.
    if lost and not run.trials.exists() and not is_postgres(url):
        raise fault(str(run.trials), "some of the study's trials are missing here", ", ".join(lost))
    return tuple(sorted(old_records(trials), key=lambda record: record.number))
