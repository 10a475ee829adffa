"""Classify inputs with a bundle's network."""

import numpy as np
from numpy.typing import NDArray

from study.bundle.read import Bundle
from study.networks.tasks import Classify, network_process
from study.run_dir.temporary import temporary_run


def classify(bundle: Bundle, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return class probabilities (n, classes) of inputs (n, features) in the data set's scale.

    Keras works in a process of its own, which ends with the call. Raises FaultError.
    """
    with temporary_run() as run, network_process(run.workers_log) as ask:
        found: NDArray[np.float32] = ask(
            Classify(bundle.config, bundle.network.path, rows, bundle.manifest.about)
        )
    return found
