"""The process that writes a running study to one destination: its only input is standard input.

The first line says what to write where, each line after it is a trial's record, and `END` asks for
the study as a whole. Why it failed is its only line on standard output.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reports.json_values import from_json, parse_json
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from study.exporters.destination import Destination, first_line, opened_exporter
from study.exporters.exporter import StudyFiles
from study.exporters.live_messages import END, OPTION, LiveTask
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory


def main() -> None:
    """Write what standard input brings; exit with 1 where that cannot be."""
    # Others print what they like: it goes where stderr goes, and only our line to stdout.
    said = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="replace")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        write_live(line for line in sys.stdin.buffer)
    except Exception as error:  # noqa: BLE001 whatever a tracker raises must only be reported
        traceback.print_exc()
        with contextlib.suppress(OSError):
            said.write(first_line(error) + "\n")
            said.flush()
        sys.exit(1)


def write_live(lines: Iterator[bytes]) -> None:
    """Write a study as the lines come; raises FaultError, or what a package raises by a bug."""
    task = from_json(LiveTask, parse_json(next(lines), "task"), "task")
    run = RunDirectory(Path(task.root))
    destination = Destination(task.target, task.place)
    record = collect_snapshot(run, task.storage)
    with opened_exporter(destination, record, run.exports, OPTION) as exporter:
        for trial in record.trials:
            exporter.write_trial(trial)
        for line in lines:
            if line == END:
                files = StudyFiles(run.report, run.best)
                exporter.write_study(collect_snapshot(run, task.storage), files)
                return
            exporter.write_trial(_trial(line, record))


def _trial(line: bytes, study: StudyRecord) -> TrialRecord:
    trial = from_json(TrialRecord, parse_json(line, "trial"), "trial")
    if trial.state != "running":
        return trial
    folds = study.folds if study.folds > 1 else None
    return replace(trial, n=study.data.validation_n, folds=folds)


if __name__ == "__main__":
    main()
