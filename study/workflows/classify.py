"""Classify inputs with a bundle's network."""

import numpy as np
from numpy.typing import NDArray

from study.bundle.read import Bundle
from study.data.prepared import prepared_inputs
from study.networks.tasks import Classify, network_process
from study.run_dir.temporary import temporary_run


def classify(bundle: Bundle, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return class probabilities (n, classes) of inputs in the data set's scale, or a table's rows.

    Keras works in a process of its own, which ends with the call. Raises FaultError.
    """
    inputs = prepared_inputs(rows, bundle.preparation)
    with temporary_run() as run, network_process(run.workers_log) as ask:
        found: NDArray[np.float32] = ask(
            Classify(bundle.config, bundle.network, inputs, bundle.manifest.about)
        )
    return found
