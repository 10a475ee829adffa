"""The embedded data set: scikit-learn's 1,797 handwritten digits of 8 x 8 pixels."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np

from search_spaces.faults import fault
from study.data.arrays import WholeData
from study.data.stratify import stratified
from study.data.values import Examples

# The set has no test split of its own, so this one is fixed here for good.
TEST_SHARE = 0.2
TEST_SEED = 1797
FULL_SCALE = 16.0


def read_digits() -> WholeData:
    """Return the digits with a fixed stratified test split (20 %, by TEST_SEED).

    The file is read where scikit-learn keeps it, since importing scikit-learn takes over a second.
    """
    path = _csv_path()
    try:
        with gzip.open(path, "rt", encoding="ascii") as lines:
            table = np.loadtxt(lines, delimiter=",", dtype=np.uint8)
    except OSError as error:
        raise fault("digits", "scikit-learn's file cannot be read", f"{path}: {error}") from error
    inputs, labels = np.ascontiguousarray(table[:, :64]), table[:, 64].astype(np.int32)
    train, test = stratified(labels, TEST_SHARE, TEST_SEED)
    return WholeData(
        Examples(inputs[train], labels[train]),
        Examples(inputs[test], labels[test]),
        (8, 8),
        tuple(str(digit) for digit in range(10)),
        FULL_SCALE,
    )


def _csv_path() -> Path:
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        raise fault("digits", "scikit-learn, which holds the digits, is not installed")
    return Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
