"""Write a data set as an .npz file that this program and any script can read."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.arrays import SCALE, WholeData
from study.data.inputs import encode_inputs
from study.data.saved_table import table_arrays
from study.data.values import Examples
from study.file_system import put_new, sweep_temporary, sync, temporary_prefix

# What 64 bits hold for certain.
_INTEGER = re.compile("-?[0-9]{1,18}")


def save_npz(whole: WholeData, target: Path) -> None:
    """Write the four arrays, the full scale where their type does not tell it, a table's columns.

    The file read back has the same fingerprint. A pipe or a device is written into. Raises
    FaultError where it cannot be written, or where there is a file already.
    """
    arrays = _arrays(whole)
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            with target.open("wb") as stream:
                _savez(stream, arrays)
        else:
            write_new(Path(os.path.realpath(target)), lambda stream: _savez(stream, arrays))
    except FileExistsError as error:
        raise fault(str(target), "there is a file already, and it is kept") from error
    except OSError as error:
        raise fault(str(target), f"cannot be written: {error.strerror or error}") from error


def _savez(stream: IO[bytes], arrays: dict[str, NDArray[Any]]) -> None:
    np.savez_compressed(stream, allow_pickle=False, **arrays)


def write_new(target: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let `write` fill a new file, whole or not at all; raises FileExistsError, OSError."""
    sweep_temporary(target.parent, target)
    prefix = temporary_prefix(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix) as folder:
        # A name is opened as any file is, so that it has the permissions of the user's files.
        unfinished = Path(folder) / "unfinished"
        with unfinished.open("wb") as file:
            write(file)
            file.flush()
            sync(file.fileno())
        put_new(unfinished, target)


def _arrays(whole: WholeData) -> dict[str, NDArray[Any]]:
    classes = _labels(whole.classes)
    images, of_each = whole.image_shape, (("train", whole.train), ("test", whole.test))
    arrays: dict[str, NDArray[Any]] = {}
    for name, examples in of_each:
        arrays[f"x_{name}"] = _unflattened(examples, images)
        arrays[f"y_{name}"] = classes[examples.labels]
    if whole.columns:
        return arrays | table_arrays(whole)
    if encode_inputs(arrays["x_train"], arrays["x_test"])[2] != whole.full_scale:
        arrays[SCALE] = np.array(whole.full_scale)
    return arrays


def _unflattened(examples: Examples, image_shape: tuple[int, ...]) -> NDArray[Any]:
    return examples.inputs.reshape(examples.n, *image_shape)


def _labels(classes: tuple[str, ...]) -> NDArray[Any]:
    # Classes that were integers are integers again; any other order would be another data set.
    numbers = [int(name) for name in classes if _INTEGER.fullmatch(name)]
    if [str(number) for number in sorted(numbers)] == list(classes):
        return np.array(numbers)
    return np.array(classes)
