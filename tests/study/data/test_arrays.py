from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from study.data.arrays import WholeData, fingerprint
from study.data.built_in.digits import read_digits
from study.data.columns import Column
from study.data.known import KNOWN, known_name
from study.data.parse import read_whole, whole_data
from study.data.values import Examples

Arrays = dict[str, NDArray[Any]]


def test_the_fingerprint_of_given_arrays_never_changes(arrays: Arrays) -> None:
    # Kept runs name their data by it: a change here would orphan every one of them.
    assert fingerprint(whole_data(arrays)) == (
        "c66f98dd04686dafc8047f4c77616f91745d3ebb60e8630bc70875e7421e6dc8"
    )


SAME: dict[str, Callable[[Arrays], Arrays]] = {
    "labels of another integer type": lambda a: {
        **a,
        "y_train": a["y_train"].astype(">i8"),
        "y_test": a["y_test"].astype(np.int16),
    },
    "a channel axis of one": lambda a: {
        **a,
        "x_train": a["x_train"][..., None],
        "x_test": a["x_test"][..., None],
    },
    "arrays kept column by column": lambda a: {k: np.asfortranarray(v) for k, v in a.items()},
}

OTHER: dict[str, Callable[[WholeData], WholeData]] = {
    "one training pixel": lambda w: replace(w, train=changed(w.train, pixel=(0, 0))),
    "one test pixel": lambda w: replace(w, test=changed(w.test, pixel=(5, 5))),
    "one training label": lambda w: replace(w, train=changed(w.train, label=3)),
    "one test label": lambda w: replace(w, test=changed(w.test, label=0)),
    "the shape of an image": lambda w: replace(w, image_shape=(3, 2)),
    "a class name": lambda w: replace(w, classes=("0", "1", "two")),
    "the full scale": lambda w: replace(w, full_scale=1.0),
    "the splits' places": lambda w: replace(w, train=w.test, test=w.train),
    "being a table": lambda w: replace(w, columns=(Column("a", None), Column("b", ("x", "y")))),
}


def changed(
    examples: Examples, pixel: tuple[int, int] | None = None, label: int | None = None
) -> Examples:
    inputs, labels = examples.inputs.copy(), examples.labels.copy()
    if pixel is not None:
        inputs[pixel] += 1
    if label is not None:
        labels[label] = (labels[label] + 1) % 3
    return Examples(inputs, labels)


@pytest.mark.parametrize("case", SAME)
def test_packing_does_not_change_the_fingerprint(
    case: str, arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    packed = read_whole(write_npz(SAME[case](arrays)), 10_000)
    assert fingerprint(packed) == fingerprint(whole_data(arrays))


@pytest.mark.parametrize("case", OTHER)
def test_any_change_of_content_changes_the_fingerprint(case: str, arrays: Arrays) -> None:
    whole = whole_data(arrays)
    assert fingerprint(OTHER[case](whole)) != fingerprint(whole)


def test_other_levels_of_a_column_are_another_table(arrays: Arrays) -> None:
    whole = whole_data(arrays)
    found = {
        fingerprint(replace(whole, columns=(Column("a", levels),)))
        for levels in (None, ("x", "y"), ("x", "z"))
    }
    assert len(found) == 3


def test_byte_order_does_not_change_the_fingerprint(arrays: Arrays) -> None:
    whole = whole_data({name: array.astype(np.uint16) for name, array in arrays.items()})
    swapped = whole.train.inputs.astype(">u2")
    assert fingerprint(replace(whole, train=replace(whole.train, inputs=swapped))) == fingerprint(
        whole
    )


def test_the_digits_are_scikit_learns_with_a_fifth_held_out_of_every_class() -> None:
    whole = read_digits()
    assert (whole.train.n, whole.test.n, whole.full_scale) == (1438, 359, 16.0)
    assert fingerprint(whole) == KNOWN["digits"].fingerprint
    theirs = load_digits()
    expected = sorted(zip(theirs.data.tolist(), theirs.target.tolist(), strict=True))
    ours = [
        (row, label)
        for part in (whole.train, whole.test)
        for row, label in zip(part.inputs.tolist(), part.labels.tolist(), strict=True)
    ]
    assert sorted(ours) == expected
    shares = np.bincount(whole.test.labels) / np.bincount(theirs.target)
    assert shares.min() > 0.19
    assert shares.max() < 0.21


def test_only_known_content_has_a_known_name() -> None:
    assert known_name(KNOWN["mnist"].fingerprint or "") == "mnist"
    assert known_name("0" * 64) is None
