"""Data as frozen values; what search is given cannot hold test data."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.numbers import InputsWord
from reports.statistics.groups import Groups
from study.data.columns import Column

Pixels = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Examples:
    """Flattened inputs (n, features) in their own type, and labels 0..classes-1, int32 (n,).

    `groups` says which examples belong together (n,); None where each stands for itself. `weights`
    (n,), float64 from 0 up, say how much each counts; None where all count the same.
    """

    inputs: Pixels
    labels: NDArray[np.int32]
    groups: Groups | None = None
    weights: NDArray[np.float64] | None = None

    @property
    def n(self) -> int:
        """Return the number of examples."""
        return len(self.labels)


@dataclass(frozen=True)
class About:
    """What holds for all splits of a data set.

    `full_scale` is what inputs are divided by (255 for uint8). `fingerprint` is the SHA-256 of all
    arrays, test included: it names the content and tells nothing of it. `columns` say what the
    inputs of a table are, and are empty for images and plain arrays; a table's `image_shape` is
    (columns,) and its `full_scale` 1. `weight` is the column of the examples' weights, "" where
    they have none.
    """

    name: str
    image_shape: tuple[int, ...]
    classes: tuple[str, ...]
    full_scale: float
    fingerprint: str
    test_n: int
    columns: tuple[Column, ...] = ()
    weight: str = ""

    @property
    def inputs(self) -> InputsWord:
        """Return what the inputs are called."""
        return "rows" if self.columns else "images"


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Everything but the test split: what workers hold and what splits are made from.

    Examples of one number in `groups` (n,) stay on one side of every split; None: each by itself.
    """

    about: About
    examples: Examples
    groups: NDArray[np.int32] | None = None


@dataclass(frozen=True)
class Split:
    """Name a stratified validation split: a seed and the share of examples (0-1) held out.

    With `folds` the seed divides the examples into so many, each of which is held out in turn: this
    names the one numbered `fold` (from 0), and the share is that of one of them.
    """

    seed: int
    share: float
    folds: int = 1
    fold: int = 0

    def in_turn(self) -> tuple["Split", ...]:
        """Return the splits of all folds, this one alone where it is no fold."""
        return tuple(replace(self, fold=fold) for fold in range(self.folds))


@dataclass(frozen=True, eq=False)
class SearchData:
    """What one training may see: training and validation examples, never test examples.

    `validation` is None where a training uses all examples.
    """

    about: About
    train: Examples
    validation: Examples | None
