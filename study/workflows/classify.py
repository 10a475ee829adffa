"""Classify inputs with a bundle's network."""

import numpy as np
from numpy.typing import NDArray

from reports.statistics.temperature import tempered
from study.bundle.read import Bundle
from study.data.prepared import prepared_inputs
from study.networks.tasks import Classify, network_process
from study.run_dir.temporary import temporary_run


def classify(
    bundle: Bundle, rows: NDArray[np.float32], *, raw: bool = False
) -> NDArray[np.float32]:
    """Return class probabilities (n, classes) of inputs in the data set's scale, or a table's rows.

    The bundle's temperature is applied to them, where it has one and the network's own are not
    asked for (`raw`). Keras works in a process of its own, which ends with the call. Raises
    FaultError.
    """
    inputs = prepared_inputs(rows, bundle.preparation)
    with temporary_run() as run, network_process(run.workers_log) as ask:
        found: NDArray[np.float32] = ask(
            Classify(bundle.config, bundle.network, inputs, bundle.manifest.about)
        )
    temperature = None if raw else bundle.manifest.temperature
    if temperature is None:
        return found
    calibrated: NDArray[np.float32] = tempered(found, temperature).astype(np.float32)
    return calibrated
