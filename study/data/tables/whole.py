"""A table as a whole data set: its classes, its test split, and the columns that are inputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.data_source import DataOptions
from search_spaces.faults import Fault, FaultError, fault
from study.data.arrays import WholeData
from study.data.cut import Rows, cut_test
from study.data.tables.cells import Cells, NumberCells, TextCells
from study.data.tables.encode import encode
from study.data.tables.identity import rows_identity
from study.data.tables.kinds import find_columns, is_date_column, is_number_column
from study.data.tables.table import Table, named, read_table
from study.data.tables.target import class_faults, class_names, encode_classes, target_name
from study.data.tables.weight import row_weights_of, split_faults
from study.data.values import Examples

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of one table, or of two that were joined, and which of them are which."""

    table: Table
    target: TextCells
    train: NDArray[np.intp]
    test: NDArray[np.intp]
    groups: NDArray[np.int32] | None
    weights: NDArray[np.float64] | None
    notes: tuple[str, ...]


def read_whole_table(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    """Read a table whole, test split included; raises FaultError with what is wrong."""
    table = read_table(path, limit_bytes, where)
    test = (
        read_table(Path(options.test_data), limit_bytes, options.test_data)
        if options.test_data
        else None
    )
    return whole_table(table, test, options, where)


def whole_table(table: Table, test: Table | None, options: DataOptions, where: str) -> WholeData:
    """Return tables as a whole data set. What is left out, is known by the training rows alone.

    Without a table of test rows they are cut off first. Raises FaultError with what is wrong.
    """
    for name in options.drop:
        table.column(name, where, "--drop")
    name = options.target or target_name(table.cells, where)
    table.column(name, where, "--target")
    rows = _rows(table, test, name, options, where)
    labels, classes = encode_classes(rows.target, rows.train)
    at = f"{where}, column {name}"
    counts = np.bincount(labels[rows.train], minlength=len(classes))
    faults = class_faults(classes, counts, at)
    faults += _unknown_classes(rows, labels, classes, at)
    if rows.weights is not None:
        named_labels = np.array([*classes, "?"])[labels]
        faults += split_faults(rows.weights, named_labels, (rows.train, rows.test), options, where)
    if faults:
        raise FaultError(*faults)
    left = {name, *options.drop, *(one for one in (options.group, options.weight) if one)}
    inputs = {key: cells for key, cells in rows.table.cells.items() if key not in left}
    training = [cells.take(rows.train) for cells in inputs.values()]
    _check_numbers(training, where)
    found = find_columns(training)
    if not found.columns:
        what = "no column is left to predict from"
        raise fault(where, what, "; ".join(found.left_out) or "the target alone")
    values = encode(found.columns, inputs, rows.table.n)
    return WholeData(
        Examples(values[rows.train], labels[rows.train], weights=_of(rows.weights, rows.train)),
        Examples(
            values[rows.test],
            labels[rows.test],
            _of(rows.groups, rows.test),
            _of(rows.weights, rows.test),
        ),
        (len(found.columns),),
        classes,
        1.0,
        found.columns,
        groups=_of(rows.groups, rows.train),
        notes=(*rows.notes, *_single(classes, counts), *found.left_out),
        test_identity=rows_identity(rows.table.cells, rows.test),
        weight=options.weight,
    )


def _rows(table: Table, test: Table | None, name: str, options: DataOptions, where: str) -> _Rows:
    n = table.n
    notes = list(table.notes)
    if test is not None:
        table = _joined(table, test, where, options.test_data)
        notes += [f"{options.test_data}: {note}" for note in test.notes]
    target = class_names(table.cells[name], f"{where}, column {name}")
    usable = ~target.missing()
    if not usable.all():
        notes.append(f"{int((~usable).sum()):,} rows without a class are left out")
    groups = _groups(table, options, where)
    if test is not None:
        _refuse_share(options, where)
        train, rest = np.flatnonzero(usable[:n]), n + np.flatnonzero(usable[n:])
        if groups is not None:
            _check_groups(groups, train, rest, where)
    else:
        there = np.flatnonzero(usable)
        train, rest = (there[one] for one in _cut(table, target, there, groups, options, where))
        notes.append(f"{len(rest):,} of {len(there):,} rows are the test split{_how(options)}")
    weights = row_weights_of(table, name, options, np.concatenate((train, rest)), where)
    return _Rows(table, target, train, rest, groups, weights, tuple(notes))


def _how(options: DataOptions) -> str:
    if options.time:
        return f": the latest by {options.time}"
    return f", whole groups of {options.group}" if options.group else ", of every class its share"


def _cut(
    table: Table,
    target: TextCells,
    there: NDArray[np.intp],
    groups: NDArray[np.int32] | None,
    options: DataOptions,
    where: str,
) -> Rows:
    times = None
    if options.time:
        if groups is not None:
            raise fault(where, "--group and --time do not go together: each says what a split is")
        times = _times(table.column(options.time, where, "--time").take(there), where)
    own = None if groups is None else groups[there]
    return cut_test(target.codes[there], options.test_share, own, times)


def _groups(table: Table, options: DataOptions, where: str) -> NDArray[np.int32] | None:
    if not options.group:
        return None
    words = table.column(options.group, where, "--group").words()
    if words.missing().any():
        got = f"{int(words.missing().sum()):,} rows without one"
        raise fault(f"{where}, --group", "a row of no group", got, "a value in each row")
    return words.codes


def _of(values: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[Any] | None:
    return None if values is None else values[rows]


def _check_groups(
    groups: NDArray[np.int32], train: NDArray[np.intp], test: NDArray[np.intp], where: str
) -> None:
    shared = np.intersect1d(groups[train], groups[test])
    if len(shared):
        what = "groups with rows among the training and among the test rows"
        raise fault(f"{where}, --group", what, f"{len(shared):,} groups", "none")


def _times(cells: Cells, where: str) -> NDArray[np.float64]:
    at = f"{where}, --time"
    if cells.missing().any():
        got = f"{int(cells.missing().sum()):,} rows without one"
        raise fault(at, "a row of no time", got, "a value in each row")
    if is_number_column(cells):
        return cells.numbers()
    if is_date_column(cells):
        return cells.seconds()
    what = "neither dates nor numbers"
    example = next(iter(cells.words().texts), "")
    raise fault(at, what, repr(example), "dates as 2026-01-31 or 31.01.2026, or numbers")


def _refuse_share(options: DataOptions, where: str) -> None:
    given = {"--test-share": options.test_share, "--time": options.time}
    for name, value in given.items():
        if value:
            raise fault(where, f"{name} cuts off test rows, and --test-data gives them", value)


def _joined(table: Table, test: Table, where: str, where_test: str) -> Table:
    missing = [name for name in table.cells if name not in test.cells]
    extra = [name for name in test.cells if name not in table.cells]
    if missing or extra:
        said = [f"without {named(dict.fromkeys(missing))}"] * bool(missing)
        said += [f"beside them {named(dict.fromkeys(extra))}"] * bool(extra)
        what = f"its columns are not those of {where}"
        raise fault(where_test, what, "; ".join(said), named(table.cells))
    return Table(
        {name: cells.followed_by(test.cells[name]) for name, cells in table.cells.items()},
        table.notes,
    )


def _unknown_classes(
    rows: _Rows, labels: NDArray[np.int32], classes: tuple[str, ...], where: str
) -> list[Fault]:
    strange = rows.test[labels[rows.test] < 0]
    if not len(strange):
        return []
    names = sorted({rows.target.texts[code] for code in rows.target.codes[strange]})
    what = "classes of test rows that no training row has"
    return [Fault(where, what, ", ".join(names[:5]), ", ".join(classes[:20]))]


def _single(classes: tuple[str, ...], counts: NDArray[np.intp]) -> tuple[str, ...]:
    few = [name for name, count in zip(classes, counts, strict=True) if count == 1]
    if not few:
        return ()
    listed = ", ".join(few[:5]) + (f" and {len(few) - 5} more" if len(few) > 5 else "")
    return (f"classes with one training row, which no split holds out: {listed}",)


def _check_numbers(training: list[Cells], where: str) -> None:
    """Raise FaultError for numbers that float32 cannot hold."""
    faults = []
    for cells in training:
        numbers = cells.numbers()
        beyond = np.isfinite(numbers) & (np.abs(numbers) > _LARGEST)
        if isinstance(cells, NumberCells) and not cells.is_date and np.isinf(numbers).any():
            got = f"in {int(np.isinf(numbers).sum()):,} rows"
            faults.append(Fault(f"{where}, column {cells.name}", "infinite values", got, "none"))
        elif beyond.any() and is_number_column(cells):
            got, allowed = f"{np.abs(numbers[beyond]).max():g}", f"up to {_LARGEST:g}, or --drop"
            what = "numbers beyond single precision"
            faults.append(Fault(f"{where}, column {cells.name}", what, got, allowed))
    if faults:
        raise FaultError(*faults)
