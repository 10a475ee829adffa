from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from study.data.arrays import fingerprint
from study.data.parse import whole_data
from study.data.values import About, TrainingData

Arrays = dict[str, NDArray[Any]]


@pytest.fixture
def arrays() -> Arrays:
    """Twelve training and six test images of 2 x 3 in three classes, all different."""
    values = np.arange(18 * 6, dtype=np.uint8).reshape(18, 2, 3)
    labels = np.tile(np.arange(3, dtype=np.uint8), 6)
    return {
        "x_train": values[:12],
        "y_train": labels[:12],
        "x_test": values[12:],
        "y_test": labels[12:],
    }


@pytest.fixture
def write_npz(tmp_path: Path) -> Callable[[Arrays], Path]:
    def write(arrays: Arrays, name: str = "some.npz") -> Path:
        path = tmp_path / name
        np.savez(path, **arrays)  # type: ignore[arg-type]
        return path

    return write


@pytest.fixture
def training(arrays: Arrays) -> TrainingData:
    whole = whole_data(arrays)
    about = About("some", whole.image_shape, whole.classes, whole.full_scale, fingerprint(whole), 6)
    return TrainingData(about, whole.train)
