"""Scikit-learn's bundled tables are read as scikit-learn itself reads them."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from study.data.arrays import fingerprint
from study.data.known import KNOWN
from study.data.load import load_data


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("iris", load_iris), ("wine", load_wine), ("breast_cancer", load_breast_cancer)],
)
def test_a_bundled_table_is_scikit_learns(name: str, theirs: Callable[..., object]) -> None:
    read = KNOWN[name].read
    assert read is not None
    whole, own = read(), theirs()
    assert fingerprint(whole) == KNOWN[name].fingerprint
    assert (whole.train.n, whole.test.n) == (KNOWN[name].train_n, KNOWN[name].test_n)
    assert [column.name for column in whole.columns] == [*map(str, own.feature_names)]  # type: ignore[attr-defined]
    rows = own.data.astype(np.float32).tolist()  # type: ignore[attr-defined]
    names = own.target_names[own.target]  # type: ignore[attr-defined]
    expected = sorted(zip(rows, map(str, names), strict=True))
    found = [
        (row, whole.classes[label])
        for part in (whole.train, whole.test)
        for row, label in zip(part.inputs.tolist(), part.labels.tolist(), strict=True)
    ]
    assert sorted(found) == expected


def test_a_bundled_table_is_loaded_by_its_name() -> None:
    about = load_data("iris", {}).training.about
    assert (about.name, about.classes) == ("iris", ("setosa", "versicolor", "virginica"))
    assert len(about.columns) == 4
