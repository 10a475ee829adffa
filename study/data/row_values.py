"""What each row counts, and its value of a measure, whose plain mean is the measure."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import LEAST_PROBABILITY, MEASURES, MeasureName
from search_spaces.parameters import ClassWeights

Values = NDArray[np.float64]
# By how much the probabilities of a row may miss a sum of 1: those of float16 do by less.
_SLACK = 0.01


def row_values(
    measure: MeasureName,
    probabilities: NDArray[np.float32],
    labels: NDArray[np.int32],
    weights: Values | None = None,
) -> Values:
    """Return the rows' values (n,) of a measure from probabilities (n, classes) and labels (n,).

    Their plain mean is the measure: rows of balanced accuracy count n / (classes present x rows of
    their class), `weights` (n,) are scaled to a mean of 1. Log loss is in nats; the Brier score
    (Brier 1950) is the sum over classes of squared differences, from 0 to 2.
    """
    asked = MEASURES[measure].asked
    if asked == "log_loss":
        given = np.maximum(probabilities[np.arange(len(labels)), labels], LEAST_PROBABILITY)
        values = -np.log(given.astype(np.float64))
    elif asked == "brier_score":
        hit = np.eye(probabilities.shape[1])[labels]
        values = np.square(probabilities.astype(np.float64) - hit).sum(axis=1)
    else:
        values = (np.argmax(probabilities, axis=1) == labels).astype(np.float64)
    return values * row_weights(measure, labels, weights)


def row_weights(
    measure: MeasureName, labels: NDArray[np.int32], weights: Values | None = None
) -> Values:
    """Return what each row counts in a measure (n,), with a mean of 1; `weights` are the user's."""
    own = np.ones(len(labels)) if weights is None else weights.astype(np.float64)
    is_balanced = MEASURES[measure].asked == "balanced_accuracy"
    return mean_of_1(_balanced(labels, own) if is_balanced else own)


def training_weights(
    class_weights: ClassWeights, labels: NDArray[np.int32], weights: Values | None = None
) -> Values:
    """Return what each row counts in the training loss (n,), with a mean of 1.

    `balanced` gives the rows of each class together the same: n / (classes present x rows of the
    class), as in scikit-learn; `weights` are the user's.
    """
    own = np.ones(len(labels)) if weights is None else weights.astype(np.float64)
    return mean_of_1(_balanced(labels, own) if class_weights == "balanced" else own)


def are_probabilities(found: NDArray[np.float32]) -> bool:
    """Tell whether each row of answers (n, classes) is from 0 to 1 and has a sum of 1."""
    return bool((found >= 0).all() and (np.abs(found.sum(axis=1) - 1) < _SLACK).all())


def _balanced(labels: NDArray[np.int32], weights: Values) -> Values:
    by_class = np.bincount(labels, weights=weights)
    # A class of which no row counts has no mean, and is not one of those that are averaged.
    by_class[by_class == 0.0] = 1.0
    balanced: Values = weights / by_class[labels]
    return balanced


def mean_of_1(weights: Values) -> Values:
    """Return weights (n,) scaled so that their mean is 1; nothing has no mean."""
    scaled: Values = weights / weights.mean() if len(weights) else weights
    return scaled
