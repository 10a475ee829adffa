"""All that must outlive the coordinator: trials asked and recorded, each a line of a file."""

from collections.abc import Sequence

from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.history import History
from study.coordinator.old_records import old_records, renumber
from study.coordinator.projection import Projection
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.storage import TrialStorage
from study.run_dir.paths import RunDirectory


class TrialLog:
    """Write down each trial when it is asked and when it ends, and show it in an Optuna storage.

    A line is on disk before the storage is touched, so that whatever ends the coordinator, the
    next one can bring the storage up to the files. All methods raise FaultError.
    """

    def __init__(self, run: RunDirectory, storage: TrialStorage, space: Space) -> None:
        self._asked = AskedFile(run.open_lines(run.asked), space.network)
        self._recorded = RecordedTrials(run)
        self._storage, self._space = storage, space
        self._projection = Projection(storage, space)
        self._next_number = 0

    def restore(self) -> History:
        """Return what earlier processes left, with the storage brought up to it; call it first.

        Where files and storage do not fit together, nothing is changed.
        """
        asked, recorded = self._asked.read(), self._recorded.read()
        numbers = {record.number for record in recorded}
        old = [one for one in old_records(self._storage.trials()) if one.number not in numbers]
        history = History(asked, tuple(sorted((*recorded, *old), key=lambda one: one.number)))
        known = {trial.number for trial in asked}
        _check(self._asked, [one.number for one in history.recorded if one.number not in known])
        self._take_over(old)
        renumber(self._storage, asked, history.recorded, self._space)
        _check(self._recorded, self._projection.catch_up(asked, history.recorded))
        if not self._recorded.exists:
            self._recorded.begin(())
        self._next_number = 1 + max(known, default=-1)
        return history

    def ask(self, trial: AskedTrial) -> None:
        """Remember a trial before it starts."""
        self._asked.append(trial)
        self._projection.ask(trial)
        self._next_number = trial.number + 1

    def record(self, record: TrialRecord) -> None:
        """Store a trial that ended."""
        self._recorded.append(record)
        self._projection.record(record)

    def show_all(self) -> None:
        """Let the storage show every trial, those that are to run again as running."""
        self._projection.write_all()

    @property
    def next_number(self) -> int:
        """Return the next trial's number, past those that others took in the storage."""
        return max(self._next_number, self._projection.next_number)

    @property
    def foreign(self) -> int:
        """Return how many trials of others the storage held at first."""
        return self._projection.foreign

    def _take_over(self, old: Sequence[TrialRecord]) -> None:
        """Write records that only the storage held, before it loses them."""
        if old and not self._recorded.exists:
            self._recorded.begin(old)
        else:
            for record in old:
                self._recorded.append(record)


def _check(file: AskedFile | RecordedTrials, missing: Sequence[int]) -> None:
    if missing:
        what = "some of the study's trials are missing here"
        raise fault(str(file.path), what, ", ".join(map(str, missing)))
