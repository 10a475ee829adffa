"""What earlier processes left of a study's trials, as its files hold it."""

import importlib
from dataclasses import dataclass

from reports.trial_record import TrialRecord
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.recorded_trials import RecordedTrials
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
    asked = AskedFile(run.open_lines(run.asked), plan.network).read()
    recorded = RecordedTrials(run)
    if not recorded.exists:
        # By name: Optuna and SQLAlchemy take most of a second, and only old studies need them.
        reader = importlib.import_module("study.coordinator.old_history")
        old = reader.read_old(run, storage_url(run, plan, storage), plan.name)
        # By now a coordinator may have moved them.
        if not recorded.exists:
            return History(asked, old)
    return History(asked, recorded.read())
