"""On what terms the answers of a confirmation are given."""

import numpy as np

from reports.record import StudyRecord
from reports.statistics.collapse import collapsed
from reports.terms import Earlier, Terms
from reports.trials import BASELINE, counted, trial_called
from study.confirmation.on_test_split import TestAccess
from study.confirmation.race import RaceEnd
from study.data.values import TrainingData
from study.executors.own_config import config_in


def terms_of(access: TestAccess, margin: float = 0.0, earlier: Earlier | None = None) -> Terms:
    """Return the terms of an answer from this study's last opening; raises FaultError."""
    opening, loaded = access.count(), access.loaded
    return Terms(
        margin=margin,
        measure=access.measure,
        inputs=loaded.training.about.inputs,
        opening=opening.number,
        elsewhere=opening.elsewhere,
        uncounted=opening.uncounted,
        leaked_n=loaded.concerns.leaked_n,
        nearly_leaked_n=loaded.concerns.nearly_leaked_n,
        chance=chance_of(loaded.training),
        earlier=earlier,
    )


def chance_of(training: TrainingData) -> float:
    """Return what the most frequent class alone gets, as a fraction."""
    counts = np.bincount(training.examples.labels)
    return float(counts.max() / counts.sum())


def earlier_trainings(
    record: StudyRecord, winner: str, raced: RaceEnd, training: TrainingData
) -> Earlier:
    """Count how the winner's config ended in the search's trials and the race, on validation."""
    trial = trial_called(winner, record)
    key = None if trial is None else config_in(record.space, trial.config).key
    trials = [one for one in counted(record) if config_in(record.space, one.config).key == key]
    again = [one for one in raced.retrainings if one.candidate == winner]
    reached = [one.accuracy for one in trials if one.state == "complete"]
    reached += [one.accuracy for one in again]
    failed = sum(one.state == "failed" for one in trials)
    accuracies = [one for one in reached if one is not None]
    baseline = [one.accuracy for one in raced.retrainings if one.candidate == BASELINE]
    best = max((*accuracies, *(one for one in baseline if one is not None)), default=0.0)
    bad = failed + (len(reached) - len(accuracies))
    bad += collapsed(accuracies, best, chance_of(training))
    return Earlier(failed + len(reached), bad)
