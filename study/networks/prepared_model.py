"""A network that takes a table's rows: the preparation of its columns in Keras's own operations.

Nothing but constants and operations of Keras is in it: the saved file loads without this package.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from study.data.preparation import (
    TOO_LARGE,
    CategoryFeatures,
    NumberFeatures,
    Preparation,
)
from study.networks.keras_model import Model, compiled

Tensor = Any


def with_preparation(network: Model, preparation: Preparation) -> Model:
    """Return the network's own layers behind the preparation of rows (n, columns), float32.

    Rows are as `Column` describes them: NaN is a missing value, -1 an unknown level.
    """
    rows = keras.Input((preparation.columns,), name="columns")
    found = prepare(rows, preparation)
    for layer in network.layers:
        found = layer(found)
    # Compiled as the network is, so that its weights can be read from the same file.
    return compiled(keras.Model(rows, found, name=network.name))


def prepare(rows: Tensor, preparation: Preparation) -> Tensor:
    """Return the features of rows as a tensor (n, features), as `apply` has them."""
    lines = [one for one in preparation.numbers if one.knots]
    flagged = [one for one in preparation.numbers if one.flagged]
    parts = []
    if lines:
        parts.append(_lines(rows, lines))
    if flagged:
        numbers = ops.take(rows, _indices(flagged), axis=1)
        parts.append(1.0 - ops.cast(_known(numbers), "float32"))
    if preparation.categories:
        parts.append(_one_hot(rows, preparation.categories))
    joined = parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=1)
    order = _order(preparation)
    return joined if order == sorted(order) else ops.take(joined, np.array(order), axis=1)


def _known(values: Tensor) -> Tensor:
    return ops.less(ops.abs(values), np.float32(TOO_LARGE))


def _indices(parts: Sequence[NumberFeatures | CategoryFeatures]) -> NDArray[np.int32]:
    return np.array([one.index for one in parts], np.int32)


def _lines(rows: Tensor, lines: Sequence[NumberFeatures]) -> Tensor:
    """Return each number's place on the line through its knots (n, numbers)."""
    knots, values = (_filled(lines, of) for of in ("knots", "values"))
    x = ops.take(rows, _indices(lines), axis=1)
    x = ops.where(_known(x), x, np.array([one.fill for one in lines], np.float32))
    last = np.array([one.knots[-1] for one in lines], np.float32)
    x = ops.minimum(ops.maximum(x, knots[:, 0]), last)
    # A line's segments lie one after the other; what fills up a shorter line has no length.
    lengths, rises = np.diff(knots), np.diff(values)
    lengths[lengths <= 0] = 1.0
    segments = [knots[:, :-1], lengths, values[:, :-1], rises]
    if knots.shape[1] > 2:
        inner = np.where(knots[:, 1:-1] < last[:, None], knots[:, 1:-1], np.float32(TOO_LARGE))
        passed = ops.greater_equal(ops.expand_dims(x, -1), inner)
        first = np.arange(len(lines), dtype=np.float32) * lengths.shape[1]
        # Whole numbers as floats: LiteRT adds no whole numbers to such a matrix.
        place = ops.cast(ops.sum(ops.cast(passed, "float32"), axis=-1) + first, "int32")
        start, length, value, rise = (ops.take(one.ravel(), place) for one in segments)
    else:
        start, length, value, rise = (one[:, 0] for one in segments)
    # A tensor goes first: numpy would try to make an array of one that it is to be added to.
    return (x - start) / length * rise + value


def _filled(lines: Sequence[NumberFeatures], of: str) -> NDArray[np.float32]:
    """Return knots or values as a matrix, shorter lines filled up with their last one."""
    most = max(len(one.knots) for one in lines)
    rows = [np.pad(getattr(one, of), (0, most - len(one.knots)), mode="edge") for one in lines]
    return np.array(rows, np.float32)


def _one_hot(rows: Tensor, categories: Sequence[CategoryFeatures]) -> Tensor:
    """Return which level each value has: 1 at its place (n, features), 0 elsewhere."""
    levels = np.array([len(one.places) for one in categories], np.float32)
    codes = ops.take(rows, _indices(categories), axis=1)
    is_level = ops.logical_and(ops.greater_equal(codes, np.float32(0)), ops.less(codes, levels))
    others = ops.where(_known(codes), levels, levels + np.float32(1))
    tables = [np.array([*one.places, one.unseen, one.missing]) for one in categories]
    first = np.cumsum([0, *(len(one) for one in tables[:-1])]).astype(np.float32)
    slot = ops.cast(ops.where(is_level, codes, others) + first, "int32")
    places = ops.take(np.concatenate(tables).astype(np.float32), slot)
    owners = np.repeat(np.arange(len(categories)), [one.features for one in categories])
    own = np.concatenate([np.arange(one.features) for one in categories]).astype(np.float32)
    found = ops.equal(ops.take(places, owners.astype(np.int32), axis=1), own)
    return ops.cast(found, "float32")


def _order(preparation: Preparation) -> list[int]:
    """Return where each feature lies behind one another: all lines, all flags, all categories."""
    lines = sum(bool(one.knots) for one in preparation.numbers)
    line, flag = 0, lines
    found = []
    for one in preparation.numbers:
        if one.knots:
            found.append(line)
            line += 1
        if one.flagged:
            found.append(flag)
            flag += 1
    return [*found, *range(flag, preparation.features)]
