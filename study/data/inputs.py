"""Turn input arrays into flat pixels whose full scale is known."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault
from study.data.values import Pixels

_SHAPES = "(n, features), (n, h, w), (n, h, w, 1) or (n, h, w, channels)"
_TYPES = "integers 0-255 or 0-65535, or floats 0-1"
# Arithmetic may end this far outside 0-1 where 0-1 is meant; training inputs are clipped then.
_ROUNDING = 1e-6
# A scaler that was fitted on training rows alone may take test rows this far outside 0-1.
_BESIDE = 0.5
_MOST_CHANNELS = 4


def input_faults(inputs: NDArray[Any], where: str, *, is_test: bool = False) -> list[Fault]:
    """Return what keeps one input array from being read: type, shape, emptiness, values.

    Test inputs may be a little outside 0-1, as a scaler fitted on training inputs leaves them.
    """
    if inputs.dtype.kind not in "iubf":
        return [Fault(where, "inputs of the wrong type", str(inputs.dtype), _TYPES)]
    if inputs.ndim not in (2, 3, 4):
        return [Fault(where, "inputs of the wrong shape", str(inputs.shape), _SHAPES)]
    if inputs.size == 0:
        return [Fault(where, "no inputs", str(inputs.shape), _SHAPES)]
    if _has_channels_first(inputs):
        what = "images with their channels first; numpy.moveaxis(x, 1, -1) puts them last"
        return [Fault(where, what, str(inputs.shape), _SHAPES)]
    if inputs.dtype.kind == "f":
        return _float_faults(inputs, where, _BESIDE if is_test else _ROUNDING)
    low, high = int(inputs.min()), int(inputs.max())
    if low < 0 or high > 65535:
        return [Fault(where, "integers out of range", f"{low} to {high}", _TYPES)]
    return []


def _has_channels_first(inputs: NDArray[Any]) -> bool:
    """Tell whether an image would be taken for a few rows of pixels with many channels."""
    shape = inputs.shape[1:]
    return len(shape) == 3 and 1 < shape[0] <= _MOST_CHANNELS < min(shape[1:])


def _float_faults(inputs: NDArray[Any], where: str, beside: float) -> list[Fault]:
    finite = np.isfinite(inputs)
    faults = []
    if not finite.all():
        rows = int((~finite).reshape(len(inputs), -1).any(axis=1).sum())
        faults.append(Fault(where, "NaN or infinite values", f"in {rows:,} inputs", "none"))
    low = float(np.min(inputs, where=finite, initial=np.inf))
    high = float(np.max(inputs, where=finite, initial=-np.inf))
    # Floats carry no full scale of their own, and guessing one would change what is trained on.
    if low < -beside or high > 1 + beside:
        what = (
            "floats outside 0-1; divide them by their full scale, keep them as integers, "
            "or scale them by a scaler that was fitted on x_train alone"
        )
        allowed = f"{_TYPES} (x_test: {-_BESIDE:g} to {1 + _BESIDE:g})"
        faults.append(Fault(where, what, f"{exact(low)} to {exact(high)}", allowed))
    return faults


def exact(value: float) -> str:
    """Write a number short, but never as another one than it is."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def pair_faults(train: NDArray[Any], test: NDArray[Any], where_test: str) -> list[Fault]:
    """Return how sound test inputs differ in kind from sound training inputs."""
    faults = []
    if image_shape(train) != image_shape(test):
        what = "images of another shape than those of x_train"
        got, allowed = str(image_shape(test)), str(image_shape(train))
        faults.append(Fault(where_test, what, got, allowed))
    if _family(train) != _family(test):
        what = "inputs of another type than those of x_train"
        faults.append(Fault(where_test, what, str(test.dtype), str(train.dtype)))
    return faults


def scale_faults(
    scale: NDArray[Any], train: NDArray[Any], test: NDArray[Any], where: str
) -> list[Fault]:
    """Return what keeps a stated full scale from being that of sound inputs."""
    if scale.dtype.kind not in "iuf" or scale.shape != ():
        got = f"{scale.dtype} of shape {scale.shape}"
        return [Fault(where, "not one number", got, "one integer or float")]
    if train.dtype.kind not in "iu":
        allowed = "none, but for integers"
        return [Fault(where, "these inputs need no full scale", f"{scale:g}", allowed)]
    highest = max(int(train.max()), int(test.max()), 1)
    if not highest <= float(scale) <= 65535:
        allowed = f"{highest}, the highest input, to 65535"
        return [Fault(where, "not the full scale of these inputs", f"{scale:g}", allowed)]
    return []


def image_shape(inputs: NDArray[Any]) -> tuple[int, ...]:
    """Return the shape of one input, without a channel axis of 1, be it the last or the first."""
    shape = tuple(inputs.shape[1:])
    if len(shape) != 3:
        return shape
    if shape[2] == 1:
        return shape[:2]
    return shape[1:] if shape[0] == 1 and shape[2] > _MOST_CHANNELS else shape


def encode_inputs(train: NDArray[Any], test: NDArray[Any]) -> tuple[Pixels, Pixels, float]:
    """Return both arrays flat (n, features) in one type, and that type's full scale.

    uint8 has 255, uint16 65535, booleans and floats 1. Wider integers become the narrower of the
    two that holds them all. Training floats that rounding took out of 0-1 are put back.
    """
    if train.dtype.kind == "f":
        return _within(_flat(train, np.dtype("<f4"))), _flat(test, np.dtype("<f4")), 1.0
    if train.dtype.kind == "b":
        return _flat(train, np.dtype("u1")), _flat(test, np.dtype("u1")), 1.0
    is_wide = _holds_uint16(train) or _holds_uint16(test)
    kind, scale = (np.dtype("<u2"), 65535.0) if is_wide else (np.dtype("u1"), 255.0)
    return _flat(train, kind), _flat(test, kind), scale


def _within(flat: Pixels) -> Pixels:
    if flat.min() >= 0 and flat.max() <= 1:
        return flat
    return np.clip(flat, 0, 1).astype(np.float32)


def _holds_uint16(inputs: NDArray[Any]) -> bool:
    if inputs.dtype.itemsize == 1:
        return False
    return inputs.dtype.newbyteorder("=") == np.uint16 or int(inputs.max()) > 255


def _family(inputs: NDArray[Any]) -> str:
    if inputs.dtype.kind in "iu" and inputs.dtype.newbyteorder("=") == np.uint16:
        return "uint16"
    if inputs.dtype.newbyteorder("=") == np.uint8:
        return "uint8"
    return {"i": "wider integers", "u": "wider integers", "b": "boolean", "f": "float"}[
        inputs.dtype.kind
    ]


def _flat(inputs: NDArray[Any], kind: np.dtype[Any]) -> Pixels:
    return np.ascontiguousarray(inputs.reshape(len(inputs), -1), dtype=kind)
