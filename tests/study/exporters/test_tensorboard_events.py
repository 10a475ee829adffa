"""Event files, read back by TensorBoard's own reader and its HParams plugin."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins.hparams import metadata, plugin_data_pb2

from reports.record import StudyRecord
from study.exporters.event_file import EventFile, read_events
from study.exporters.exporter import StudyFiles
from study.exporters.tensorboard_events import open_exporter
from tests.study.exporters.conftest import running

pytestmark = pytest.mark.slow


def export(folder: Path, record: StudyRecord, files: StudyFiles) -> None:
    with closing(open_exporter(str(folder), record)) as exporter:
        exporter.write_study(record, files)


def read(folder: Path) -> EventAccumulator:
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    return accumulator


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def hparams(folder: Path, tag: str) -> Any:
    found = read(folder).summary_metadata[tag].plugin_data.content
    return plugin_data_pb2.HParamsPluginData.FromString(found)


def test_tensorboard_reads_each_trial_with_its_epochs(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, record, files)

    trial = read(tmp_path / "trial-0001")
    assert {
        tag: [(one.step, one.value) for one in trial.Scalars(tag)]
        for tag in trial.Tags()["scalars"]
    } == {
        "loss/train": [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))],
        "loss/validation": [(1, 0.5), (2, 0.25), (3, pytest.approx(0.5 / 3))],
        "accuracy/validation": [
            (1, pytest.approx(0.7)),
            (2, pytest.approx(0.8)),
            (3, pytest.approx(0.9)),
        ],
        "accuracy/final": [(3, pytest.approx(0.8))],
        "loss/final": [(3, pytest.approx(0.2))],
    }
    began = 1767225600.0
    assert [one.wall_time for one in trial.Scalars("loss/train")] == [
        began + 0.25,
        began + 0.5,
        began + 0.75,
    ]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        "trial-0000",
        "trial-0001",
        "trial-0002",
        "trial-0003",
    ]


def test_hparams_has_the_space_and_each_trial_with_its_params_and_its_end(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, record, files)

    experiment = hparams(tmp_path, metadata.EXPERIMENT_TAG).experiment
    assert [(one.name, one.domain_interval.max_value) for one in experiment.hparam_infos] == [
        ("width", 512.0)
    ]
    assert [one.name.tag for one in experiment.metric_infos] == ["accuracy/final", "loss/final"]
    starts, ends = [], []
    for number in range(4):
        folder = tmp_path / f"trial-{number:04d}"
        start = hparams(folder, metadata.SESSION_START_INFO_TAG).session_start_info
        starts.append((start.group_name, start.hparams["width"].number_value))
        ends.append(hparams(folder, metadata.SESSION_END_INFO_TAG).session_end_info.status)
    assert starts == [("baseline", 16), ("trial 1", 32), ("trial 2", 24), ("trial 3", 24)]
    assert ends == [1, 1, 2, 0]  # success, success, failure, unknown


def test_the_answer_is_a_text_of_the_study(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, record, files)
    (text,) = read(tmp_path).Tensors("study/answer")
    assert text.tensor_proto.string_val[0].decode().startswith("    exported\n    digits: ")


def test_a_study_that_is_written_twice_changes_nothing(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, record, files)
    before = contents(tmp_path)
    export(tmp_path, record, files)
    assert contents(tmp_path) == before


def test_a_trial_that_was_written_live_and_torn_is_completed(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    trial = record.trials[1]
    with closing(open_exporter(str(tmp_path), record)) as exporter:
        exporter.write_trial(running(trial, 0))
        assert not (tmp_path / "trial-0001").exists()
        exporter.write_trial(running(trial, 1))
        exporter.write_trial(running(trial, 2))
    (path,) = (tmp_path / "trial-0001").iterdir()
    path.write_bytes(path.read_bytes()[:-5])

    export(tmp_path, record, files)

    assert [one.step for one in read(path.parent).Scalars("loss/train")] == [1, 2, 3]
    assert list(path.parent.iterdir()) == [path]


def test_a_later_answer_is_added_and_an_equal_one_is_not(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, replace(record, trials=record.trials[:1]), files)
    export(tmp_path, record, files)
    export(tmp_path, record, files)
    (path,) = (one for one in tmp_path.iterdir() if one.is_file())
    events, _ = read_events(path.read_bytes())
    tags = [value.tag for event in events for value in event.summary.value]
    assert tags == [metadata.EXPERIMENT_TAG, "study/answer", "study/answer"]


@given(st.lists(st.integers(0, 9), max_size=4), st.integers(0, 200), st.binary(max_size=20))
def test_whole_events_are_read_and_what_follows_is_not(
    steps: list[int], kept: int, rest: bytes
) -> None:
    content = b"".join(_framed(step) for step in steps)
    found, place = read_events(content[:kept] + rest)
    assert [event.step for event in found] == steps[: len(found)]
    assert content[:place] == (content[:kept] + rest)[:place]
    if kept >= len(content) and not rest:
        assert len(found) == len(steps)


def _framed(step: int) -> bytes:
    return _FRAMES[step]


def _frames(folder: Path) -> Iterator[bytes]:
    for step in range(10):
        file = EventFile(folder / str(step), 0.0)
        begin = len((folder / str(step)).read_bytes())
        file.append(Event(step=step, wall_time=1.0))
        file.close()
        yield (folder / str(step)).read_bytes()[begin:]


_FRAMES: list[bytes] = []


@pytest.fixture(scope="module", autouse=True)
def _made_frames(tmp_path_factory: pytest.TempPathFactory) -> None:
    _FRAMES[:] = list(_frames(tmp_path_factory.mktemp("frames")))
