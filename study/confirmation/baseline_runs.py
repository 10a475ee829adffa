"""The baseline alone: one training step by step, or its distribution over seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.opening import Purpose
from reports.statistics.crossed import Correct
from reports.statistics.groups import Groups
from reports.statistics.scores import Scores, scores
from search_spaces.faults import fault
from search_spaces.measures import MEASURES, MeasureName
from study.confirmation.candidates import Candidate
from study.confirmation.on_test_split import OpeningCount, TestAccess, evaluate
from study.confirmation.outcomes import RetrainJob
from study.confirmation.retrain import RetrainContext, retrain
from study.confirmation.whole_preparation import whole_preparation
from study.data.prepared import prepared_inputs
from study.data.row_values import row_values
from study.data.values import Examples
from study.engine.results import EpochResult, TrialResult
from study.engine.seeds import derive_seed
from study.executors.protocol import EpochEnded, Event, Failed, Job
from study.networks.tasks import classify_task
from study.run_dir.ledger import open_ledger
from study.vault import open_test


@dataclass(frozen=True)
class Tested:
    """One training's end on the test split: mean loss (nats), its scores, and the opening.

    `groups` says which images belong together (n,).
    """

    result: TrialResult
    loss: float
    scores: Scores
    opening: OpeningCount
    groups: Groups | None = None


def train_and_test(
    context: RetrainContext,
    access: TestAccess,
    baseline: Candidate,
    seed: int,
    on_epoch: Callable[[EpochResult], None],
) -> Tested:
    """Train once on train + validation, then open the test split for these weights.

    Raises FaultError where the training failed.
    """

    def take(event: Event) -> None:
        if isinstance(event, EpochEnded):
            on_epoch(event.result)

    job = Job(0, baseline.config, seed, context.fingerprint, None, keep_weights=True)
    end = context.queue.run([job], take)[0]
    if isinstance(end, Failed) or end.weights is None:
        reason = end.reason if isinstance(end, Failed) else "no weights came back"
        raise fault("baseline", f"the training failed: {reason}")
    ledger = open_ledger(access.run)
    training = access.loaded.training
    preparation = whole_preparation(training, baseline.config)
    with access.open_ask() as ask:
        hashes = (end.result.weights_hash,)
        purpose = Purpose("baseline walk-through", baseline.name, seeds=1, seed=seed)
        examples = open_test(access.loaded.test, ledger, purpose, hashes, access.now())
        inputs = prepared_inputs(examples.inputs, preparation)
        about = training.about
        chances = ask(classify_task(baseline.config, end.weights, inputs, about))
    own = chances[np.arange(examples.n), examples.labels].astype(np.float64)
    losses = -np.log(np.maximum(own, 1e-7))  # Keras clips likewise
    return Tested(
        result=end.result,
        loss=float(np.average(losses, weights=examples.weights)),
        scores=_scores(access.measure, chances, examples),
        opening=access.count(),
        groups=examples.groups,
    )


def _scores(measure: MeasureName, chances: NDArray[np.float32], examples: Examples) -> Scores:
    """Return what one network scored that gave these probabilities (n, classes)."""
    labels = examples.labels
    correct: Correct = (chances.argmax(axis=1) == labels)[np.newaxis]
    losses = row_values(measure, chances, labels)[np.newaxis]
    return scores(MEASURES[measure], correct, labels, losses, examples.weights)


@dataclass(frozen=True, eq=False)
class Distribution:
    """What networks scored, and under which seeds; the opening's count widens intervals.

    `groups` says which images belong together (n,).
    """

    seeds: tuple[int, ...]
    scores: Scores
    opening: OpeningCount
    groups: Groups | None = None


def over_seeds(
    context: RetrainContext, access: TestAccess, baseline: Candidate, study_seed: int, count: int
) -> Distribution:
    """Train under `count` seeds on train + validation and open the test split once for all.

    Raises FaultError where a training failed.
    """
    seeds = tuple(derive_seed(study_seed, "baseline", number) for number in range(count))
    orders = [RetrainJob("baseline", baseline, seed, None) for seed in seeds]
    outcomes = retrain(context, orders)
    hashes = _hashes([(outcome.weights_hash, outcome.reason) for outcome in outcomes])
    purpose = Purpose("baseline", baseline.name, seeds=count)
    networks = dict.fromkeys(hashes, baseline.config)
    evaluated = evaluate(access, networks, None, purpose)
    for one in hashes:
        context.weights.remove(one)
    return Distribution(
        seeds, evaluated.scores(hashes, access.measure), access.count(), evaluated.groups
    )


def _hashes(found: Sequence[tuple[str | None, str | None]]) -> list[str]:
    hashes = [weights_hash for weights_hash, _ in found if weights_hash is not None]
    if len(hashes) < len(found):
        reasons = "; ".join(str(reason) for weights_hash, reason in found if weights_hash is None)
        raise fault("baseline", f"trainings failed: {reasons}")
    return hashes
