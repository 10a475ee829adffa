"""What `predict` is given: pictures, tables and .npy arrays, as rows in the data set's scale."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.bundle.framing import fit_frame, frame_of
from study.data.download import say_nothing
from study.data.picture import PIXEL_LIMIT, check_regular_file, read_picture
from study.data.table_rows import read_table_rows
from study.data.values import About


def read_inputs(
    path: Path, about: About, *, bright_background: bool, say: Callable[[str], None] = say_nothing
) -> NDArray[np.float32]:
    """Return inputs (n, features) in the scale the data set itself has (0 to full_scale).

    An image is fitted to the training images' form; the columns of a table are found by their
    names, and `say` is given what was concluded; a .npy array is taken as it is: one example or a
    stack of them, in the data set's shape or flattened. Raises FaultError.
    """
    if path.suffix.lower() == ".npy":
        return _read_array(path, about.image_shape, may_miss=bool(about.columns))
    if about.columns:
        rows, notes = read_table_rows(path, about.columns)
        for note in notes:
            say(f"{path}: {note}")
        return rows
    frame = frame_of(about.image_shape, bright_background=bright_background)
    if frame is None:
        shape = " x ".join(map(str, about.image_shape))
        raise fault(
            str(path),
            f"{about.name} holds no images",
            path.suffix or "no suffix",
            f"a .npy array of shape {shape}",
        )
    values = fit_frame(read_picture(path, colour=frame.channels == 3), frame)
    return (values * np.float32(about.full_scale))[None, :]


def _read_array(path: Path, shape: tuple[int, ...], *, may_miss: bool) -> NDArray[np.float32]:
    check_regular_file(path)
    try:
        # Mapped, not read: a header that promises more than the file holds is refused unread.
        array = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError, TypeError, EOFError, OverflowError, MemoryError) as error:
        raise fault(str(path), "no readable .npy array", error, "plain numbers") from error
    features = int(np.prod(shape))
    forms = [shape, (features,)]
    if array.shape not in forms and array.shape[1:] not in forms:
        raise fault(
            str(path),
            "array of a wrong shape",
            array.shape,
            f"{shape}, {(features,)}, or a stack of these along a first axis",
        )
    if array.dtype.kind not in "uif" or array.size >= PIXEL_LIMIT:
        raise fault(
            str(path),
            "array of a wrong kind",
            f"{array.size:,} of {array.dtype}",
            f"fewer than {PIXEL_LIMIT:,} whole or floating-point numbers",
        )
    values = np.asarray(array, np.float32).reshape(-1, features)
    # In a table NaN is a missing value.
    if not may_miss and not np.isfinite(values).all():
        raise fault(str(path), "array with values that are not finite numbers")
    return values
