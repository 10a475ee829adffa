"""DataRecord: the data a study saw, as frozen values."""

from dataclasses import dataclass
from typing import Annotated

from reports.data_columns import ColumnRecord
from reports.numbers import InputsWord
from reports.opening import TestIdentity
from reports.value_types import Count, Measured, Within

Grey = Annotated[int, Within(0, 255)]


@dataclass(frozen=True)
class Sample:
    """One training image for the eye: rows of grey levels 0-255 (empty where it is no image)."""

    label: str
    rows: tuple[tuple[Grey, ...], ...]


@dataclass(frozen=True)
class DataWarning:
    """What is odd about the data and matters for every claim from it, such as "leaks"."""

    topic: str
    text: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.text}"


@dataclass(frozen=True)
class DataRecord:
    """The data a study saw: name, SHA-256 fingerprint of the arrays, sizes, classes, a few samples.

    `class_counts` are those of training and validation images together; the test split is sealed.
    `warnings` is empty in studies of 0.1.0, `test_fingerprint` (its SHA-256) None in older ones.
    `test_groups` counts the groups of test images that belong together; None where each stands for
    itself, and in older records. `columns` are a table's; images have none. `weight` is the column
    of the rows' weights, "" where all count the same, and `effective_n` how many rows that count
    the same those to train on, to validate and to test are worth.
    """

    name: str
    fingerprint: str
    features: Count
    image_shape: tuple[Count, ...]
    train_n: Count
    validation_n: Count
    test_n: Count
    classes: tuple[str, ...]
    class_counts: tuple[Count, ...]
    samples: tuple[Sample, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    test_fingerprint: str | None = None
    test_groups: Count | None = None
    columns: tuple[ColumnRecord, ...] = ()
    weight: str = ""
    effective_n: tuple[Measured, ...] = ()

    @property
    def inputs(self) -> InputsWord:
        """Return what the inputs are called."""
        return "rows" if self.columns else "images"

    @property
    def test(self) -> TestIdentity:
        """Return what the test split is known by."""
        return TestIdentity(self.fingerprint, self.test_fingerprint)
