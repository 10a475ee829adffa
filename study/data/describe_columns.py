"""Describe the columns of a table for the record, by its training rows alone."""

import numpy as np
from numpy.typing import NDArray

from reports.data_columns import ColumnRecord
from study.data.columns import Column
from study.data.preparation import codes_of, is_known
from study.data.values import TrainingData

_LEVELS_NAMED = 10


def describe_columns(training: TrainingData) -> tuple[ColumnRecord, ...]:
    """Return what each column holds; nothing for images."""
    inputs = training.examples.inputs
    return tuple(
        _column(column, np.asarray(inputs[:, index], np.float32))
        for index, column in enumerate(training.about.columns)
    )


def _column(column: Column, values: NDArray[np.float32]) -> ColumnRecord:
    known = values[is_known(values)]
    missing = len(values) - len(known)
    if column.levels is None:
        holds = f"{known.min():g} to {known.max():g}" if len(known) else "nothing"
        return ColumnRecord(column.name, "number", missing, holds)
    counts = np.bincount(codes_of(known, len(column.levels)), minlength=len(column.levels))
    most = np.argsort(-counts[: len(column.levels)], kind="stable")[:_LEVELS_NAMED].tolist()
    rest = len(column.levels) - len(most)
    named = ", ".join(f"{column.levels[place]} ({counts[place]:,})" for place in most)
    holds = f"{named} and {rest:,} more" if rest else named
    return ColumnRecord(column.name, "category", missing, holds)
