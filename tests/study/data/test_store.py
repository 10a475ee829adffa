import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.data.store import (
    open_training_data,
    pack_training_data,
    save_training_data,
    stored_fingerprint,
    unpack_training_data,
)
from study.data.values import Examples, TrainingData


def test_stored_training_data_comes_back_mapped_and_read_only(
    training: TrainingData, tmp_path: Path
) -> None:
    save_training_data(tmp_path / "data", training)
    opened = open_training_data(tmp_path / "data")
    assert opened.about == training.about
    np.testing.assert_array_equal(opened.examples.inputs, training.examples.inputs)
    np.testing.assert_array_equal(opened.examples.labels, training.examples.labels)
    assert isinstance(opened.examples.inputs, np.memmap)
    assert not opened.examples.inputs.flags.writeable
    assert opened.examples.labels.dtype == np.int32


def test_groups_are_stored_packed_and_opened_with_the_rest(
    training: TrainingData, tmp_path: Path
) -> None:
    grouped = replace(training, groups=np.arange(12, dtype=np.int32) // 4)
    save_training_data(tmp_path / "data", grouped)
    unpack_training_data(tmp_path / "copy", pack_training_data(tmp_path / "data"))
    for folder in ("data", "copy"):
        opened = open_training_data(tmp_path / folder)
        np.testing.assert_array_equal(opened.groups, grouped.groups)
        assert stored_fingerprint(tmp_path / folder) == training.about.fingerprint
    (tmp_path / "copy" / "groups.npy").write_bytes(b"other")
    assert stored_fingerprint(tmp_path / "copy") is None
    with pytest.raises(FaultError, match="the file differs from what was stored"):
        open_training_data(tmp_path / "copy")


def test_nothing_but_the_folder_is_left(training: TrainingData, tmp_path: Path) -> None:
    save_training_data(tmp_path / "deep" / "data", training)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["data"]
    names = sorted(path.name for path in (tmp_path / "deep" / "data").iterdir())
    assert names == ["inputs.npy", "labels.npy", "meta.json"]


def test_the_same_data_is_not_written_twice(training: TrainingData, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    before = (folder / "inputs.npy").stat()
    save_training_data(folder, training)
    after = (folder / "inputs.npy").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_other_data_takes_the_folders_place(training: TrainingData, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    examples = Examples(training.examples.inputs[:6], training.examples.labels[:6])
    other = TrainingData(replace(training.about, fingerprint="0" * 64), examples)
    save_training_data(folder, other)
    assert open_training_data(folder).about.fingerprint == "0" * 64
    assert open_training_data(folder).examples.n == 6


def test_a_damaged_folder_is_reported_and_can_be_written_anew(
    training: TrainingData, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    content = bytearray((folder / "inputs.npy").read_bytes())
    content[-1] ^= 1
    (folder / "inputs.npy").write_bytes(content)
    with pytest.raises(FaultError) as caught:
        open_training_data(folder)
    assert str(caught.value) == f"{folder}/inputs.npy: the file differs from what was stored"
    save_training_data(folder, training)
    assert open_training_data(folder).about == training.about


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        open_training_data(tmp_path / "none")
    assert str(caught.value) == (
        f"{tmp_path / 'none'}: the stored training data cannot be read: No such file or directory"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", r"meta\.json: is not JSON: "),
        ("{", r"meta\.json: is not JSON: "),
        ("[]", ": the stored training data is damaged: "),
        ("null", ": the stored training data is damaged: "),
        ('{"files": {}}', ": the stored training data is damaged: "),
        ('{"files": 3}', ": the stored training data is damaged: "),
    ],
)
def test_a_broken_description_is_reported(
    text: str, what: str, training: TrainingData, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    (folder / "meta.json").write_text(text)
    with pytest.raises(FaultError, match=what):
        open_training_data(folder)


def test_files_that_the_description_does_not_name_are_not_opened(
    training: TrainingData, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    save_training_data(folder, training)
    meta = json.loads((folder / "meta.json").read_text())
    del meta["files"]["labels.npy"]
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(FaultError, match="the stored training data is damaged"):
        open_training_data(folder)


def test_a_place_that_cannot_be_written_is_reported(training: TrainingData, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FaultError) as caught:
        save_training_data(tmp_path / "file" / "data", training)
    assert str(caught.value) == (
        f"{tmp_path}/file/data: the training data cannot be stored: File exists"
    )
