from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.data_record import DataRecord, Sample
from study.data.concerns import Concerns
from study.data.describe import describe, grey_rows
from study.data.load import LoadedData, load_data
from study.data.sealed import SealedTest
from study.data.values import Examples, Split, TrainingData

Arrays = dict[str, NDArray[Any]]


def poisoned() -> Examples:
    raise AssertionError("the test split was read")


def test_a_description_has_sizes_classes_and_two_images_a_class(training: TrainingData) -> None:
    loaded = LoadedData(training, SealedTest(6, training.about.fingerprint, poisoned), Concerns())
    record = describe(loaded, Split(1, 0.25))
    assert record == DataRecord(
        name="some",
        fingerprint=training.about.fingerprint,
        features=6,
        image_shape=(2, 3),
        train_n=9,
        validation_n=3,
        test_n=6,
        classes=("0", "1", "2"),
        class_counts=(4, 4, 4),
        samples=(
            Sample("0", ((0, 1, 2), (3, 4, 5))),
            Sample("0", ((18, 19, 20), (21, 22, 23))),
            Sample("1", ((6, 7, 8), (9, 10, 11))),
            Sample("1", ((24, 25, 26), (27, 28, 29))),
            Sample("2", ((12, 13, 14), (15, 16, 17))),
            Sample("2", ((30, 31, 32), (33, 34, 35))),
        ),
    )


def test_without_a_split_there_is_no_validation(training: TrainingData) -> None:
    loaded = LoadedData(training, SealedTest(6, training.about.fingerprint, poisoned), Concerns())
    record = describe(loaded, None)
    assert (record.train_n, record.validation_n) == (12, 0)


def test_digits_give_twenty_images_in_grey_levels_up_to_white() -> None:
    record = describe(load_data("digits", {}), Split(1, 1 / 6))
    assert [sample.label for sample in record.samples] == [
        digit for digit in "0123456789" for _ in range(2)
    ]
    levels = {level for sample in record.samples for row in sample.rows for level in row}
    assert min(levels) == 0
    assert max(levels) == 255
    assert all(len(sample.rows) == 8 for sample in record.samples)


def test_many_classes_give_no_more_than_twenty_images(write_npz: Callable[..., Path]) -> None:
    x = np.arange(120, dtype=np.uint8).reshape(60, 2)
    y = np.repeat(np.arange(30), 2)
    path = write_npz({"x_train": x, "y_train": y, "x_test": x, "y_test": y})
    record = describe(load_data(str(path), {}), Split(1, 0.5))
    assert [sample.label for sample in record.samples] == [str(code) for code in range(20)]
    assert {sample.rows for sample in record.samples} == {()}


@pytest.mark.parametrize(
    ("row", "shape", "scale", "rows"),
    [
        (np.array([0, 8, 16, 4], np.uint8), (2, 2), 16.0, ((0, 128), (255, 64))),
        (np.array([0, 0.5, 1, 0.2], np.float32), (2, 2), 1.0, ((0, 128), (255, 51))),
        (np.array([255, 0, 0, 255, 255, 255], np.uint8), (1, 2, 3), 255.0, ((76, 255),)),
        (np.array([1, 2, 3], np.uint8), (3,), 255.0, ()),
        (np.array([1, 2, 3, 4], np.uint8), (1, 2, 2), 255.0, ()),
    ],
)
def test_grey_rows_are_for_the_eye(
    row: Any, shape: tuple[int, ...], scale: float, rows: tuple[tuple[int, ...], ...]
) -> None:
    assert grey_rows(row, shape, scale) == rows


def test_large_images_are_thinned_out() -> None:
    rows = grey_rows(np.tile(np.arange(200, dtype=np.uint8), 3), (3, 200), 255.0)
    assert rows == (tuple(range(0, 200, 4)),)


def test_on_folds_the_images_of_all_folds_are_validated_on(training: TrainingData) -> None:
    loaded = LoadedData(training, SealedTest(6, training.about.fingerprint, poisoned), Concerns())
    record = describe(loaded, Split(1, 0.25, 4))
    assert (record.train_n, record.validation_n) == (9, 12)
