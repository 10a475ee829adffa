"""A bundle in memory: classify arrays with its network."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search_spaces.faults import fault
from search_spaces.parameters import Scalar
from study.bundle.predict_inputs import read_inputs
from study.bundle.read import Bundle, read_bundle
from study.data.columns import Column
from study.workflows.classify import classify


@dataclass(frozen=True)
class Predictions:
    """What inputs were taken for: `classes` (n,) and `probabilities` (n, classes), float32.

    `names` has the classes in the order of the columns.
    """

    names: tuple[str, ...]
    probabilities: NDArray[np.float32]

    @property
    def classes(self) -> list[str]:
        """Return the most probable class of each input."""
        return [self.names[index] for index in self.probabilities.argmax(axis=1)]


@dataclass(frozen=True)
class LoadedBundle:
    """A bundle whose every file is as its manifest says."""

    bundle: Bundle

    @property
    def folder(self) -> Path:
        """Return where it lies."""
        return self.bundle.folder

    @property
    def config(self) -> dict[str, Scalar]:
        """Return every parameter of its network by name."""
        return self.bundle.config.as_params()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the table that it was trained on, () for images."""
        return self.bundle.manifest.about.columns

    @property
    def temperature(self) -> float | None:
        """Return what makes its probabilities truer, None where nothing is known to."""
        return self.bundle.manifest.temperature

    def predict(self, inputs: ArrayLike | Path | str, *, raw: bool = False) -> Predictions:
        """Classify a file, or inputs in the data set's own shape and scale: one array, or a stack.

        A file is a table whose columns are found by their names, an image, or a .npy array. Rows of
        a table as an array are numbers: NaN where a value is missing, of a category the index of
        its level in `columns`, -1 for another level. The bundle's temperature is applied to the
        probabilities, unless `raw` asks for the network's own.

        Raises DenseStudyError where shape, type or values are others.
        """
        about = self.bundle.manifest.about
        if isinstance(inputs, str | Path):
            bright = self.bundle.manifest.bright_background
            rows = read_inputs(Path(inputs), about, bright_background=bright)
            return Predictions(tuple(about.classes), classify(self.bundle, rows, raw=raw))
        features = self.bundle.manifest.features
        try:
            array = np.asarray(inputs)
        except ValueError as error:  # rows of unequal lengths
            raise fault("predict", f"no array: {error}") from error
        if array.shape in (about.image_shape, (features,)):
            array = array[None]
        if array.shape[1:] not in (about.image_shape, (features,)) or not len(array):
            allowed = f"(n, *{about.image_shape}) or (n, {features})"
            raise fault("predict", "array of a wrong shape", np.shape(inputs), allowed)
        if array.dtype.kind not in "buif":
            raise fault("predict", "array of a wrong kind", array.dtype, "numbers")
        rows = array.reshape(-1, features).astype(np.float32)
        if not about.columns and not np.isfinite(rows).all():
            raise fault("predict", "array with values that are not finite numbers")
        return Predictions(tuple(about.classes), classify(self.bundle, rows, raw=raw))


def load_bundle(path: str | Path) -> LoadedBundle:
    """Read a bundle and check every file's hash; raises DenseStudyError naming each wrong file."""
    return LoadedBundle(read_bundle(Path(path)))
