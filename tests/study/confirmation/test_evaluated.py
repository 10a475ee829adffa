"""Test predictions on disk."""

from pathlib import Path

import numpy as np
import pytest

from study.confirmation.evaluated import Evaluated, read_evaluated, write_evaluated
from study.run_dir.paths import RunDirectory


@pytest.mark.parametrize("groups", [None, np.array([0, 1, 1], np.int32)])
def test_predictions_come_back_with_the_groups_of_their_images(
    groups: np.ndarray | None, tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    labels = np.array([0, 1, 2], np.int32)
    classes = {"ab": np.array([0, 1, 1], np.int32)}
    images = {2: np.zeros(4, np.uint8)}

    write_evaluated(run, Evaluated(labels, classes, images, groups))
    found = read_evaluated(run)

    assert found is not None
    np.testing.assert_array_equal(found.labels, labels)
    assert list(found.classes) == ["ab"]
    assert found.correct(["ab"]).tolist() == [[True, True, False]]
    assert list(found.images) == [2]
    if groups is None:
        assert found.groups is None
    else:
        np.testing.assert_array_equal(found.groups, groups)
