"""A bundle as a model of MLflow's, which finds this module by its name.

`mlflow.pyfunc.load_model(...).predict(images)` classifies as `LoadedBundle.predict` does.
"""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from study.api.bundles import LoadedBundle, load_bundle


class BundleModel:
    """Classify inputs in the data set's own shape and scale."""

    def __init__(self, bundle: LoadedBundle) -> None:
        self._bundle = bundle

    def predict(self, inputs: ArrayLike) -> NDArray[np.str_]:
        """Return the most probable class of each input; raises DenseStudyError."""
        return np.array(self._bundle.predict(inputs).classes)


def _load_pyfunc(path: str) -> BundleModel:
    """Return the model of a bundle's folder: the function that MLflow asks a loader for."""
    return BundleModel(load_bundle(Path(path)))
