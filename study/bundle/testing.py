"""Test trained weights on the sealed test split: one opening, on record first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reports.opening import Purpose
from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.load import LoadedData
from study.data.prepared import preparation_of, prepared_inputs
from study.data.row_values import row_values
from study.data.values import Examples
from study.engine.weights import Weights, weights_hash
from study.machine import utc_text
from study.networks.tasks import Classify, network_process
from study.run_dir.ledger import ledger_at
from study.vault import open_test


@dataclass(frozen=True)
class Tested:
    """What a network reached on the test split: accuracy, and another measure's value if asked."""

    accuracy: float
    value: float | None


def test_networks(
    loaded: LoadedData,
    config: TrainConfig,
    networks: Sequence[Weights],
    noted: tuple[Path, Purpose],
    log: Path,
    measure: MeasureName | None,
) -> list[Tested]:
    """Return what each network of a config reaches on test, in accuracy and in `measure`.

    `noted` is the ledger's file and the opening's purpose. Raises FaultError where the ledger
    cannot be written or the process that evaluates does not start: then nothing is opened.
    """
    hashes = [weights_hash(weights) for weights in networks]
    about = loaded.training.about
    preparation = preparation_of(loaded.training, None, config)
    with network_process(log) as ask:
        now = utc_text()
        examples = open_test(loaded.test, ledger_at(noted[0]), noted[1], hashes, now)
        inputs = prepared_inputs(examples.inputs, preparation)
        found = [ask(Classify(config, weights, inputs, about)) for weights in networks]
    return [
        Tested(
            float((np.argmax(one, axis=1) == examples.labels).mean()),
            None if measure is None else _value(measure, one, examples),
        )
        for one in found
    ]


def _value(measure: MeasureName, probabilities: NDArray[np.float32], examples: Examples) -> float:
    values = row_values(measure, probabilities, examples.labels, examples.weights)
    return float(values.mean())
