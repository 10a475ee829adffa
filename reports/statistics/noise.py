"""The noise of one trial's value, as far as a record shows it."""

import math
from dataclasses import dataclass

import numpy as np

from reports.fold_words import rows_of
from reports.record import Stage, StudyRecord
from reports.statistics.luck import expected_maximum
from reports.trial_record import TrialRecord
from reports.trials import accuracy_of, baseline_trial, best_trial, reached


@dataclass(frozen=True)
class Noise:
    """The standard deviation of one trial's value of the measure, and where it was taken from.

    `df` are its degrees of freedom, endless where it is no estimate from retrainings.
    """

    sd: float
    source: str
    df: float = math.inf


def binomial_sd(accuracy: float, n: int) -> float:
    """Return the standard deviation of an accuracy measured on n images."""
    return math.sqrt(max(accuracy * (1 - accuracy), 0.0) / n) if n else 0.0


def noise_of(record: StudyRecord) -> Noise | None:
    """Estimate the noise of one trial's value on validation rows; None without any.

    Confirmation estimates it best: the noise between equally good configs on the same images,
    from which it computed the luck to expect. Else the spread of race retrainings within their
    candidates (each has a new seed and split) covers seeds and images; with fewer than four
    degrees of freedom only the images' share is known.
    """
    optimism = record.confirmation.optimism if record.confirmation else None
    if optimism is not None and optimism.configs > 1:
        sd = abs(optimism.expected_luck) / expected_maximum(optimism.configs)
        seeds = _freedom(_groups(record, "final"))
        return Noise(sd, "measured by the confirmation", seeds or math.inf)
    groups = _groups(record, "race")
    freedom = _freedom(groups)
    if freedom >= 4:
        squares = sum(float(np.var(group)) * len(group) for group in groups)
        runs = sum(len(group) for group in groups)
        source = f"spread of {runs} race retrainings within {len(groups)} candidates"
        return Noise(math.sqrt(squares / freedom), source, freedom)
    base = baseline_trial(record) or best_trial(record)
    if base is None or not base.n:
        return None
    sd, on_rows = sd_of_one_trial(base), rows_of(base)
    kind = "binomial" if base.value_sd is None else "spread of one row's value"
    return Noise(sd, f"{kind}, {on_rows} on validation; seed noise is not included")


def sd_of_one_trial(trial: TrialRecord) -> float:
    """Return the standard deviation of a complete trial's value, as far as images make it."""
    if trial.value_sd is not None and trial.n:
        return trial.value_sd / math.sqrt(trial.n)
    return binomial_sd(accuracy_of(trial), trial.n)


def _freedom(groups: list[list[float]]) -> int:
    return sum(len(group) - 1 for group in groups)


def _groups(record: StudyRecord, stage: Stage) -> list[list[float]]:
    """Return the values of a stage's retrainings, a list a candidate with two or more."""
    if record.confirmation is None:
        return []
    groups: dict[str, list[float]] = {}
    for run in record.confirmation.retrainings:
        if run.stage == stage and (value := reached(run)) is not None:
            groups.setdefault(run.candidate, []).append(value)
    return [group for group in groups.values() if len(group) > 1]
