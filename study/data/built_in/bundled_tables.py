"""The small tables that scikit-learn brings along: iris, wine and breast_cancer."""

import importlib.util
import io
from pathlib import Path

import numpy as np

from search_spaces.faults import fault
from study.data.arrays import WholeData
from study.data.columns import Column
from study.data.cut import cut_test
from study.data.values import Examples

_IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
_WINE = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)
_MEASURED = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
_BREAST_CANCER = tuple(
    name
    for form in ("mean {}", "{} error", "worst {}")
    for name in (form.format(one) for one in _MEASURED)
)


def read_iris() -> WholeData:
    """Return the irises of Anderson and Fisher with a stratified fifth as the test split."""
    return _read("iris.csv", _IRIS)


def read_wine() -> WholeData:
    """Return the wines of Forina with a stratified fifth as the test split."""
    return _read("wine_data.csv", _WINE)


def read_breast_cancer() -> WholeData:
    """Return the tumours of Wolberg, Street and Mangasarian, a stratified fifth as test split."""
    return _read("breast_cancer.csv", _BREAST_CANCER)


def _read(filename: str, names: tuple[str, ...]) -> WholeData:
    """Read a file where scikit-learn keeps it, since importing scikit-learn takes a second.

    Its first line holds the rows, the columns and the names of the classes.
    """
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        raise fault(filename, "scikit-learn, which holds this table, is not installed")
    path = Path(package.origin).parent / "datasets" / "data" / filename
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise fault(filename, "scikit-learn's file cannot be read", f"{path}: {error}") from error
    head, _, body = text.partition("\n")
    rows = np.loadtxt(io.StringIO(body), delimiter=",")
    inputs, codes = rows[:, :-1].astype(np.float32), rows[:, -1].astype(np.int32)
    own = head.strip().split(",")[2:]
    classes = tuple(sorted(own))
    labels = np.array([classes.index(name) for name in own], dtype=np.int32)[codes]
    train, test = cut_test(labels)
    return WholeData(
        Examples(inputs[train], labels[train]),
        Examples(inputs[test], labels[test]),
        (len(names),),
        classes,
        1.0,
        tuple(Column(name, None) for name in names),
    )
