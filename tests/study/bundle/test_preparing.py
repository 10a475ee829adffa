"""A bundle's preparation is read back as it was written, and a foreign one is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.bundle.column_words import column_words
from study.bundle.preparing import read_preparation, render_preparation
from study.data.columns import Column
from study.data.fitting import Choices, fit
from study.data.preparation import Preparation

COLUMNS = (
    Column("size", None),
    Column("colour", ("blue", "green", "red", "rust")),
    Column("same", None),
    Column("kind", ("a", "b")),
)


@pytest.fixture
def fitted() -> Preparation:
    rows = np.zeros((40, 4), np.float32)
    rows[:, 0] = np.arange(40)
    rows[:, 1] = np.arange(40) % 2
    rows[:2, 1] = [2, 3]
    rows[5, :2] = np.nan
    rows[:, 3] = np.arange(40) % 2
    return fit(COLUMNS, rows, Choices("standard", 0.05))


def test_it_comes_back_as_it_was_written(fitted: Preparation, tmp_path: Path):
    path = tmp_path / "preparation.json"
    path.write_bytes(render_preparation(fitted))
    assert read_preparation(path, COLUMNS) == fitted


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, columns=5),
        lambda p: replace(p, numbers=(replace(p.numbers[0], index=1),)),
        lambda p: replace(p, numbers=(replace(p.numbers[0], index=-1),)),
        lambda p: replace(p, numbers=(replace(p.numbers[0], knots=(2.0, 1.0)),)),
        lambda p: replace(p, numbers=(replace(p.numbers[0], knots=(1.0,), values=(1.0,)),)),
        lambda p: replace(p, categories=(replace(p.categories[0], index=0),)),
        lambda p: replace(p, categories=(replace(p.categories[0], index=9),)),
        lambda p: replace(p, categories=(replace(p.categories[0], places=(0, 1)),)),
        lambda p: replace(p, categories=(replace(p.categories[0], unseen=10**9),)),
        lambda p: replace(p, categories=(replace(p.categories[0], missing=-2),)),
        lambda p: replace(p, numbers=(), categories=()),
    ],
)
def test_one_of_other_columns_is_refused(change, fitted: Preparation, tmp_path: Path):
    path = tmp_path / "preparation.json"
    other = change(fitted)
    path.write_bytes(render_preparation(other))
    with pytest.raises(FaultError) as caught:
        read_preparation(path, COLUMNS)
    assert str(caught.value) == (
        f"{path}: not the preparation of the columns that the manifest names; "
        f"got {other.columns} columns; allowed: those 4"
    )


def test_what_is_no_preparation_is_reported(tmp_path: Path):
    path = tmp_path / "preparation.json"
    with pytest.raises(FaultError, match="no such file"):
        read_preparation(path, COLUMNS)
    path.write_text(json.dumps({"columns": 4, "numbers": 7}))
    with pytest.raises(FaultError) as caught:
        read_preparation(path, COLUMNS)
    assert "missing: categories" in str(caught.value)


def test_what_becomes_of_each_column_is_said(fitted: Preparation):
    assert column_words(COLUMNS, fitted, "standard") == [
        (
            "size",
            "number",
            (
                "minus its mean, over its standard deviation; 20 where it is missing; a feature "
                "that says whether it is missing"
            ),
        ),
        (
            "colour",
            "4 levels",
            (
                "one-hot in 4 features; 2 rare levels and unknown ones in one; missing values in "
                "one of their own"
            ),
        ),
        ("same", "number", "left out: it does not vary"),
        ("kind", "2 levels", "one-hot in 2 features"),
    ]
