"""Fit the temperature of a winner's probabilities, and measure what it does."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.calibration import BeforeAndAfter, Calibration
from reports.statistics.reliability import effect
from reports.statistics.temperature import Labels, fit_temperature, tempered
from study.confirmation.evaluated import Evaluated
from study.confirmation.validation_answers import Answers
from study.data.row_values import are_probabilities
from study.data.values import TrainingData

# Of fewer wrong answers, one more or less would make another temperature.
LEAST_WRONG = 5
FOLDS = 5


def calibrate(
    answers: Sequence[Answers], training: TrainingData, tested: Evaluated, weights_hash: str
) -> Calibration | str:
    """Return the temperature that validation answers give, and its effect; or why there is none.

    The effect on them is cross-fitted. That on the test split is of the network with this
    `weights_hash`; test answers have no part in the temperature.
    """
    if not answers:
        return "the winner's networks of the race are not kept, as where an earlier version ran it"
    probabilities = np.concatenate([one.probabilities for one in answers])
    if not are_probabilities(probabilities):
        return "the network's answers are no probabilities: its last layer is no softmax"
    rows = np.concatenate([one.rows for one in answers])
    labels = training.examples.labels[rows]
    wrong = int((probabilities.argmax(axis=1) != labels).sum())
    if wrong < LEAST_WRONG:
        n, inputs = len(labels), training.about.inputs
        return (
            f"{wrong} of {n:,} answers on validation {inputs} are wrong, and a temperature needs "
            f"at least {LEAST_WRONG}"
        )
    units = _units(rows, training)
    crossed = cross_fitted(probabilities, labels, folds_of(units))
    temperature = fit_temperature(probabilities, labels)
    return Calibration(
        temperature=temperature,
        networks=len(answers),
        wrong=wrong,
        validation=effect(probabilities, crossed, labels, units),
        test=_on_test(tested, weights_hash, temperature),
    )


def folds_of(units: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return each answer's fold (0..FOLDS-1), at random; one for all answers of a unit."""
    order = np.argsort(np.random.Philox(0).random_raw(int(units.max()) + 1), kind="stable")
    folds: NDArray[np.intp] = np.argsort(order, kind="stable")[units] % FOLDS
    return folds


def _units(rows: NDArray[np.intp], training: TrainingData) -> NDArray[np.intp]:
    """Return the number of what each answer is about: its row, or its group where there are such.

    Networks of several rounds may answer on one row.
    """
    own = rows if training.groups is None else training.groups[rows]
    return np.unique(own, return_inverse=True)[1]


def cross_fitted(
    probabilities: NDArray[np.float32], labels: Labels, folds: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return each answer under the temperature that the other folds give."""
    temperatures = np.ones(len(labels))
    for fold in np.unique(folds):
        others = folds != fold
        if others.any():
            temperatures[~others] = fit_temperature(probabilities[others], labels[others])
    return tempered(probabilities, temperatures)


def _on_test(tested: Evaluated, weights_hash: str, temperature: float) -> BeforeAndAfter | None:
    found = tested.probabilities.get(weights_hash)
    if found is None:
        return None
    labels = tested.labels
    groups = np.arange(len(labels)) if tested.groups is None else tested.groups
    units = np.unique(groups, return_inverse=True)[1]
    return effect(found, tempered(found, temperature), labels, units)
