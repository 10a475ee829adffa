"""Everything a bundle is made from, gathered before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reports.calibration import Calibration
from reports.fold_words import rows_of, rows_words
from reports.measure_words import value_words
from reports.numbers import percent
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import confirmed_finals
from search_spaces.faults import fault
from search_spaces.measures import MEASURES, MeasureName
from study.bundle.choice import Choice, choose
from study.bundle.framing import has_bright_border
from study.bundle.manifest import Claim
from study.bundle.retraining import Train, finished
from study.confirmation.evaluated import Evaluated, read_evaluated
from study.confirmation.outcomes import OutcomeFile
from study.confirmation.weight_files import WeightFiles
from study.data.preparation import Preparation
from study.data.prepared import feature_count, preparation_of
from study.data.values import TrainingData
from study.engine.weights import Weights
from study.executors.protocol import Job
from study.machine import place, versions
from study.run_dir.ledger import open_ledger
from study.run_dir.paths import RunDirectory


@dataclass(frozen=True, eq=False)
class TrainedWeights:
    """Weights in Keras's order, their hash, where they were trained, their source in words."""

    weights: Weights
    weights_hash: str
    machine: str
    source: str


@dataclass(frozen=True, eq=False)
class Ingredients:
    """A study's record and data, the config chosen, its weights, and what the test split said.

    `evaluated` and `ledger_chain` (the ledger's last hash) are None where there was no final,
    `preparation` for images.
    """

    record: StudyRecord
    training: TrainingData
    choice: Choice
    trained: TrainedWeights
    bright_background: bool
    evaluated: Evaluated | None
    ledger_chain: str | None
    preparation: Preparation | None = None

    @property
    def features(self) -> int:
        """Return the inputs that the network has."""
        return feature_count(self.training, self.preparation)

    @property
    def calibration(self) -> Calibration | None:
        """Return that of the network's probabilities; None where it was not computed."""
        confirmation = self.record.confirmation
        if confirmation is None or confirmation.winner != self.choice.candidate:
            return None
        return confirmation.calibration

    @property
    def temperature(self) -> float | None:
        """Return the temperature to use; None where none is known to make probabilities truer."""
        found = self.calibration
        return found.temperature if found is not None and found.helps else None

    @property
    def provenance(self) -> Mapping[str, str]:
        """Return where the config comes from, for the comments of config.toml and train.py."""
        return provenance(self.record, self.choice.candidate, claimed(self.choice.claim))


def gather(
    run: RunDirectory, record: StudyRecord, share: float, training: TrainingData, train: Train
) -> Ingredients:
    """Choose the config and train it where its weights are not at hand; raises FaultError.

    `share` is the search's validation share.
    """
    found, expected = training.about.fingerprint, record.data.fingerprint
    if found != expected:
        what = "this is not the data that the study searched on"
        raise fault("--data", what, found[:16], expected[:16])
    choice = choose(record, share)
    openings = open_ledger(run).lines()
    has_final = bool(confirmed_finals(record))
    return Ingredients(
        record=record,
        training=training,
        choice=choice,
        trained=_trained(run, record, choice, train),
        bright_background=_has_bright_background(training),
        evaluated=read_evaluated(run) if has_final else None,
        ledger_chain=openings[-1].chain if has_final and openings else None,
        preparation=preparation_of(training, None, choice.config),
    )


def claimed(claim: Claim) -> tuple[str, str]:
    """Return a claim as a name and its value."""
    own = None if claim.measure is None else (claim.measure, claim.value)
    rows = rows_words(claim.n, claim.folds)
    return _measured(claim.split, claim.accuracy, f"{rows}, seed {claim.seed}", own)


def reached(trial: TrialRecord, measure: MeasureName) -> tuple[str, str]:
    """Return what a trial reached as a name and its value; one without an accuracy says why."""
    if trial.accuracy is None:
        return "state", trial.state + (f": {trial.reason}" if trial.reason else "")
    own = None if trial.value is None else (measure, trial.value)
    rows = rows_of(trial)
    return _measured(trial.split, trial.accuracy, f"{rows}, seed {trial.seed}", own)


def _measured(
    split: str,
    accuracy: float,
    beside: str,
    own: tuple[MeasureName, float | None] | None,
) -> tuple[str, str]:
    """Return a name and a value; `beside` are its rows and seed, `own` another measure."""
    if own is None:
        return f"{split} accuracy", f"{percent(accuracy)} ({beside})"
    value = f"{value_words(*own)} (accuracy {percent(accuracy)}, {beside})"
    return f"{split} {MEASURES[own[0]].title}", value


def provenance(record: StudyRecord, candidate: str, reached: tuple[str, str]) -> Mapping[str, str]:
    """Return where a config comes from: study, trial, data, what it reached, versions."""
    return {
        "study": record.name,
        "config": candidate,
        "data": f"{record.data.name}, SHA-256 {record.data.fingerprint}",
        reached[0]: reached[1],
        "versions": ", ".join(f"{name} {number}" for name, number in record.versions.items()),
    }


def _trained(
    run: RunDirectory, record: StudyRecord, choice: Choice, train: Train
) -> TrainedWeights:
    files, expected = WeightFiles(run), choice.weights_hash
    if expected is not None and record.versions == versions() and files.has(expected):
        machine = _machine_of(run, expected)
        if machine is not None:
            source = "the confirmation's own training"
            return TrainedWeights(files.load(expected), expected, machine, source)
    job = Job(0, choice.config, choice.seed, record.data.fingerprint, None, keep_weights=True)
    end = finished(choice.candidate, train(job))
    if end.weights is None:
        raise fault(choice.candidate, "the worker gave no weights back")
    found = end.result.weights_hash
    return TrainedWeights(end.weights, found, end.machine or place(), _source(expected, found))


def _machine_of(run: RunDirectory, weights_hash: str) -> str | None:
    """Return where these weights were trained; None where an older version did not say it."""
    outcomes = OutcomeFile(run.open_lines(run.retrainings)).read().values()
    found = (one.machine for one in outcomes if one.weights_hash == weights_hash)
    return next(found, None)


def _source(expected: str | None, found: str) -> str:
    if expected is None:
        return "trained for this bundle; there was no final"
    if expected == found:
        return "retrained for this bundle, equal to the confirmation's own to the bit"
    return (
        "retrained for this bundle on another machine or with other versions than the "
        "confirmation; they differ from the weights behind predictions.npz"
    )


def _has_bright_background(training: TrainingData) -> bool:
    shape = training.about.image_shape
    if len(shape) != 2:
        return False
    images = training.examples.inputs[:1000].reshape(-1, *shape)
    mean = images.mean(axis=0, dtype=np.float64) / training.about.full_scale
    return has_bright_border(mean.astype(np.float32))
