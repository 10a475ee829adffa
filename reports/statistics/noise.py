"""How much of a difference chance alone makes: one accuracy's noise, and the luck of the best."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reports.record import StudyRecord
from reports.trials import accuracy_of, baseline_trial, best_trial

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Noise:
    """The standard deviation of one trial's accuracy (a fraction) and where it was taken from."""

    sd: float
    source: str


def binomial_sd(accuracy: float, n: int) -> float:
    """Return the standard deviation of an accuracy measured on n images."""
    return math.sqrt(max(accuracy * (1 - accuracy), 0.0) / n) if n else 0.0


def wilson(accuracy: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of an accuracy on n images (Wilson 1927)."""
    z = _NORMAL.inv_cdf(0.5 + level / 2)
    middle = (accuracy + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(accuracy * (1 - accuracy) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def expected_best(k: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """Return the mean of the best of k standard normal numbers.

    Blom 1958: the quantile at (k - 0.375) / (k + 0.25), within 0.03 of the exact mean, and for a
    whole row of k in no time and without scipy's long import.
    """
    sizes = np.atleast_1d(np.asarray(k, dtype=np.float64))
    return np.array([_NORMAL.inv_cdf((size - 0.375) / (size + 0.25)) for size in sizes])


def best_quantile(k: NDArray[np.int64] | int, q: float) -> NDArray[np.float64]:
    """Return the q quantile of the best of k standard normal numbers: Phi^-1(q^(1/k))."""
    sizes = np.atleast_1d(np.asarray(k, dtype=np.float64))
    return np.array([_NORMAL.inv_cdf(q ** (1 / size)) for size in sizes])


def noise_of(record: StudyRecord) -> Noise | None:
    """Estimate the noise of one trial's validation accuracy; None without any accuracy.

    Confirmation estimates it best: the noise between equally good configs on the same images,
    from which it computed the luck to expect. Else the spread of race retrainings within their
    candidates (each has a new seed and split) covers seeds and images; with fewer than four
    degrees of freedom only the images' share is known.
    """
    optimism = record.confirmation.optimism if record.confirmation else None
    if optimism is not None and optimism.configs > 1:
        sd = optimism.expected_luck / float(expected_best(optimism.configs)[0])
        return Noise(sd, "measured by the confirmation")
    groups = _race_groups(record)
    freedom = sum(len(group) - 1 for group in groups)
    if freedom >= 4:
        squares = sum(float(np.var(group)) * len(group) for group in groups)
        runs = sum(len(group) for group in groups)
        source = f"spread of {runs} race retrainings within {len(groups)} candidates"
        return Noise(math.sqrt(squares / freedom), source)
    base = baseline_trial(record) or best_trial(record)
    if base is None or not base.n:
        return None
    sd = binomial_sd(accuracy_of(base), base.n)
    return Noise(sd, f"binomial, n = {base.n:,} validation images; seed noise is not included")


def _race_groups(record: StudyRecord) -> list[list[float]]:
    if record.confirmation is None:
        return []
    groups: dict[str, list[float]] = {}
    for run in record.confirmation.retrainings:
        if run.stage == "race" and run.accuracy is not None:
            groups.setdefault(run.candidate, []).append(run.accuracy)
    return [group for group in groups.values() if len(group) > 1]
