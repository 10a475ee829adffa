"""Trials that ended, whole: the file that show, report and resume read."""

from collections.abc import Iterable

from reports.json_values import from_json, parse_json, to_json_line
from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from study.run_dir.paths import RunDirectory


class RecordedTrials:
    """Keep every trial that ended on disk, one JSON object a line.

    Nothing else is the source of these records; an Optuna storage only shows them.
    """

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._lines = run.open_lines(run.trials)
        self.path = run.trials

    @property
    def exists(self) -> bool:
        """Tell whether there is a file; an earlier version of dense-study wrote none."""
        return self.path.is_file()

    def begin(self, records: Iterable[TrialRecord]) -> None:
        """Write the file with these records, whole or not at all; raises FaultError."""
        self._run.write_lines(self.path, [to_json_line(record) for record in records])

    def append(self, record: TrialRecord) -> None:
        """Add a trial that ended and wait until the disk has it; raises FaultError."""
        self._lines.append(to_json_line(record))

    def read(self) -> tuple[TrialRecord, ...]:
        """Return all trials that ended, by number; raises FaultError.

        A torn last line is of a trial that is not recorded, and so runs again.
        """
        found: dict[int, TrialRecord] = {}
        for where, line in self._lines.lines():
            record = from_json(TrialRecord, parse_json(line, where), where)
            if record.number in found:
                raise fault(where, "trial is recorded twice", record.number)
            found[record.number] = record
        return tuple(found[number] for number in sorted(found))
