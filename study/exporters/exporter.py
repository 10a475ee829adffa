"""What an exporter does, so that commands and running studies need not know which one it is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reports.record import StudyRecord
from reports.trial_record import TrialRecord


@dataclass(frozen=True)
class StudyFiles:
    """What a study has beside its record, where it is there: the report page, the bundle."""

    report: Path
    bundle: Path


class Exporter(Protocol):
    """Write a study elsewhere.

    Whatever is there already is completed and never doubled. Methods raise what the module of the
    exporter lists as its FAILURES.
    """

    @property
    def place(self) -> str:
        """Return where it writes, for people."""

    def write_trial(self, trial: TrialRecord) -> None:
        """Write what is new of a trial, which may be running: its curve then grows."""

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:
        """Write every trial, and what is known of the study as a whole."""

    def close(self) -> None:
        """Finish what is written."""


def study_key(record: StudyRecord) -> str:
    """Return what a study is known by elsewhere: 16 hexadecimal digits.

    They stay the same when the study goes on, and differ for a new one of the same name.
    """
    parts = (record.name, record.created, record.data.fingerprint, record.space_fingerprint)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
