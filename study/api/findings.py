"""What a study found, as plain values: its best config, its verdict, its trials."""

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

from reports.record import Answer, Comparison, StudyRecord
from reports.trial_record import TrialRecord
from reports.trial_rows import trial_row
from reports.trials import trial_name, winner_trial
from search_spaces.faults import fault
from search_spaces.parameters import Scalar


@dataclass(frozen=True)
class Best:
    """The confirmed winner, or else the best trial of the search.

    `params` are the searched parameters and `config` all of them. `accuracy` is a fraction: the
    mean on `n` images of `split`, over `seeds` trainings.
    """

    name: str
    params: dict[str, Scalar]
    config: dict[str, Scalar]
    accuracy: float
    split: str
    n: int
    seeds: int


@dataclass(frozen=True)
class Verdict:
    """The answer to "did tuning beat the baseline?", with its evidence in words.

    `comparisons` has every question that was answered: the re-run baseline, and the published
    number where the space has one.
    """

    answer: Answer
    sentence: str
    comparisons: tuple[Comparison, ...]

    def __str__(self) -> str:
        """Return the sentence, which begins with the answer."""
        return self.sentence


class Trials(tuple[TrialRecord, ...]):
    """The trials of a study, by number."""

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one flat dict a trial: what it was, what it reached, and its whole config."""
        return [trial_row(trial) for trial in self]

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame of `to_dicts`, a row a trial.

        Raises DenseStudyError where pandas is not installed.
        """
        if importlib.util.find_spec("pandas") is None:
            raise fault("to_pandas", "pandas is not installed", allowed="pip install pandas")
        pandas = importlib.import_module("pandas")
        return pandas.DataFrame(self.to_dicts())


def best_of(record: StudyRecord) -> Best | None:
    """Return the winner with its test accuracy, else the best trial with that of validation."""
    trial = winner_trial(record)
    if trial is None or trial.accuracy is None:
        return None
    found = _tested(record, trial_name(trial)) or ([trial.accuracy], trial.split, trial.n)
    accuracies, split, n = found
    mean = sum(accuracies) / len(accuracies)
    params, config = dict(trial.params), dict(trial.config)
    return Best(trial_name(trial), params, config, mean, split, n, len(accuracies))


def _tested(record: StudyRecord, candidate: str) -> tuple[list[float], str, int] | None:
    rows = [
        one
        for one in (record.confirmation.retrainings if record.confirmation else ())
        if (one.stage, one.candidate, one.split) == ("final", candidate, "test")
    ]
    accuracies = [one.accuracy for one in rows if one.accuracy is not None]
    return (accuracies, "test", rows[0].n) if accuracies else None


def verdict_of(record: StudyRecord) -> Verdict | None:
    """Return the answer against the re-run baseline, None where nothing was confirmed."""
    if record.confirmation is None:
        return None
    comparisons = record.confirmation.comparisons
    first = next(one for one in comparisons if one.against == "baseline")
    return Verdict(first.answer, first.sentence, comparisons)
