"""All that must outlive the coordinator: trials asked (a file) and told (the storage)."""

from dataclasses import dataclass

from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.storage import TrialStorage


@dataclass(frozen=True)
class History:
    """What earlier processes left: every trial asked, and every one told, by number."""

    asked: tuple[AskedTrial, ...]
    told: tuple[TrialRecord, ...]

    def in_flight(self) -> tuple[AskedTrial, ...]:
        """Return the trials that were asked and not told, by number."""
        told = {record.number for record in self.told}
        return tuple(trial for trial in self.asked if trial.number not in told)


@dataclass(frozen=True)
class TrialLog:
    """Write down each trial twice: when it is asked and when it ends."""

    file: AskedFile
    storage: TrialStorage
    space: Space

    def ask(self, trial: AskedTrial) -> None:
        """Remember a trial before it starts; raises FaultError."""
        self.file.append(trial)

    def tell(self, record: TrialRecord) -> None:
        """Store a trial that ended; raises FaultError."""
        self.storage.tell(record, self.space)

    def history(self) -> History:
        """Return all there is; raises FaultError where the two do not fit together."""
        history = History(self.file.read(), self.storage.records())
        known = {trial.number for trial in history.asked}
        strange = [str(record.number) for record in history.told if record.number not in known]
        if strange:
            what = "some of the study's trials are missing here"
            raise fault(str(self.file.path), what, ", ".join(strange))
        return history
