"""Temperature scaling: one number that makes all probabilities of a network less, or more, sure."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import LEAST_PROBABILITY

Values = NDArray[np.float64]
Labels = NDArray[np.int32]
# No temperature is fitted beyond these: there probabilities are all alike, or all 0 and 1.
LEAST, MOST = 0.1, 10.0

_STEPS = 100
_CLOSE = 1e-12


def tempered(probabilities: NDArray[np.floating], temperature: float | Values) -> Values:
    """Return softmax(log p / T) of probabilities (n, classes), T one number or one a row (n,).

    The most probable class stays the same. Source: Guo et al. 2017, "On calibration of modern
    neural networks".
    """
    return _softmax(_logs(probabilities) / np.reshape(temperature, (-1, 1)))


def fit_temperature(probabilities: NDArray[np.floating], labels: Labels) -> float:
    """Return the T from LEAST to MOST under which labels (n,) have the lowest mean log loss.

    The log loss is convex in 1 / T; its slope is set to 0 by Newton's steps, with bisection where a
    step leaves what still holds the minimum.
    """
    logs = _logs(probabilities)
    own = logs[np.arange(len(labels)), labels]
    low, high = 1 / MOST, 1 / LEAST
    if _slope(logs, own, low)[0] >= 0:
        return MOST
    if _slope(logs, own, high)[0] <= 0:
        return LEAST
    place = 1.0
    for _ in range(_STEPS):
        slope, curvature = _slope(logs, own, place)
        if slope > 0:
            high = place
        else:
            low = place
        step = slope / curvature if curvature > 0 else np.inf
        following = place - step
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - place) <= _CLOSE:
            break
        place = following
    return float(1 / place)


def log_losses(probabilities: NDArray[np.floating], labels: Labels) -> Values:
    """Return each row's log loss in nats (n,)."""
    own: Values = -_logs(probabilities)[np.arange(len(labels)), labels]
    return own


def _slope(logs: Values, own: Values, place: float) -> tuple[float, float]:
    """Return the first and second derivative of the mean log loss by 1 / T."""
    found = _softmax(logs * place)
    means = (found * logs).sum(axis=1)
    spreads = (found * np.square(logs - means[:, None])).sum(axis=1)
    return float((means - own).mean()), float(spreads.mean())


def _logs(probabilities: NDArray[np.floating]) -> Values:
    given: Values = np.maximum(probabilities.astype(np.float64), LEAST_PROBABILITY)
    return np.log(given)


def _softmax(scores: Values) -> Values:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Values = raised / raised.sum(axis=1, keepdims=True)
    return found
