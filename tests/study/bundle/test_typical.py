import io
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.bundle.typical import read_typical, render_typical, typical_of
from study.data.load import load_data
from study.data.values import Examples, TrainingData


@pytest.fixture(scope="module")
def training() -> TrainingData:
    return load_data("digits", os.environ).training


def test_what_was_trained_on_is_typical_and_noise_and_negatives_are_not(
    training: TrainingData,
) -> None:
    typical = typical_of(training)
    inputs = training.examples.inputs.astype(np.float32) / np.float32(16)
    assert np.mean(typical.distances(inputs) > 1) <= 0.002
    noise = np.random.default_rng(0).random((200, 64)).astype(np.float32)
    assert np.mean(typical.distances(noise) > 1) > 0.9
    assert np.all(typical.distances(1 - inputs[:200]) > 1)


def test_a_distance_is_that_of_the_nearest_class_in_its_own_limit(training: TrainingData) -> None:
    inputs = np.array([[0, 0], [2, 2], [10, 10], [10, 10]], np.uint8)
    two = replace(
        training,
        about=replace(training.about, classes=("a", "b", "empty"), full_scale=10.0),
        examples=Examples(inputs, np.array([0, 0, 1, 1], np.int32)),
    )
    typical = typical_of(two)
    assert typical.means[:2].ravel().tolist() == pytest.approx([0.1, 0.1, 1, 1])
    # A class whose inputs are all alike has the least step as its limit; one without any is far.
    assert typical.limits.tolist()[:2] == pytest.approx([0.1, 1 / 255])
    rows = np.array([[0.3, 0.3], [1, 1], [0, 0]], np.float32)
    assert typical.distances(rows).tolist() == pytest.approx([2.0, 0.0, 1.0], abs=1e-6)


def test_it_comes_back_from_its_file_and_a_damaged_or_foreign_one_is_a_fault(
    training: TrainingData, tmp_path: Path
) -> None:
    typical, path = typical_of(training), tmp_path / "typical.npz"
    assert read_typical(path, 64, 10) is None
    path.write_bytes(render_typical(typical))
    found = read_typical(path, 64, 10)
    assert found is not None
    assert np.array_equal(found.means, typical.means)
    assert np.array_equal(found.limits, typical.limits)
    with pytest.raises(FaultError) as caught:
        read_typical(path, 784, 10)
    assert str(caught.value) == f"{path}: not of this network's shape; got (10, 64)"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FaultError, match="cannot be read"):
        read_typical(path, 64, 10)
    content = io.BytesIO()
    np.savez(content, means=typical.means)
    path.write_bytes(content.getvalue())
    with pytest.raises(FaultError, match="cannot be read"):
        read_typical(path, 64, 10)
