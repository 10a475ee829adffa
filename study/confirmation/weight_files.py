"""Trained weights between their training and their evaluation."""

import io

import numpy as np

from search_spaces.faults import fault
from study.data.broken_archives import BROKEN
from study.engine.weights import Weights
from study.run_dir.paths import RunDirectory


class WeightFiles:
    """Weights in the run directory, one file a training, named by the weights' hash."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run

    def has(self, weights_hash: str) -> bool:
        """Tell whether these weights are stored."""
        return self._run.weights_file(weights_hash).exists()

    def save(self, weights_hash: str, weights: Weights) -> None:
        """Store weights whole or not at all; raises FaultError."""
        content = io.BytesIO()
        np.savez(content, *weights)
        self._run.write_bytes(self._run.weights_file(weights_hash), content.getvalue())

    def load(self, weights_hash: str) -> Weights:
        """Return stored weights in Keras's order; raises FaultError where they are damaged."""
        path = self._run.weights_file(weights_hash)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return tuple(stored[f"arr_{i}"] for i in range(len(stored.files)))
        except (*BROKEN, KeyError) as error:
            raise fault(str(path), f"stored weights cannot be read: {error}") from error

    def remove(self, weights_hash: str) -> None:
        """Take weights away that are no longer needed."""
        self._run.weights_file(weights_hash).unlink(missing_ok=True)
