"""A study made without training, with curves, in every state that a trial can have."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.record import StudyRecord
from reports.trial_record import EpochRecord, TrialRecord
from study.exporters.exporter import StudyFiles
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory
from tests.study.conftest import MakeStudy


@pytest.fixture(scope="session")
def study_folder(make_study: MakeStudy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exported") / "runs" / "exported"
    return make_study(root, ((16, 0.5), (32, 0.8), (24, None))).root


@pytest.fixture(scope="session")
def record(study_folder: Path) -> StudyRecord:
    """A study of four trials: complete, complete with three epochs, failed, pruned."""
    from_files = collect_snapshot(RunDirectory(study_folder))
    first, second, failed = from_files.trials
    pruned = replace(
        failed, number=3, state="pruned", curve=curve(2), reason="the pruner stopped it"
    )
    return replace(from_files, trials=(first, replace(second, curve=curve(3)), failed, pruned))


@pytest.fixture
def files(tmp_path: Path) -> StudyFiles:
    """No page and no bundle."""
    return StudyFiles(tmp_path / "report.html", tmp_path / "best")


def curve(epochs: int) -> tuple[EpochRecord, ...]:
    return tuple(
        EpochRecord(number, 1 / number, 0.5 / number, 0.6 + 0.1 * number, 0.25)
        for number in range(1, epochs + 1)
    )


def running(trial: TrialRecord, epochs: int) -> TrialRecord:
    """Return a trial as it was after so many of its epochs."""
    return replace(
        trial,
        state="running",
        curve=trial.curve[:epochs],
        accuracy=None,
        loss=None,
        reason=None,
        started=None,
        ended=None,
        seconds=None,
    )
