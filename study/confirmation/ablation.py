"""The path from baseline to winner, one changed parameter at a time, by retraining."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from reports.record import AblationStep, Interval, Retraining
from reports.turned import turned
from search_spaces.measures import Measure
from search_spaces.parameters import Scalar
from study.confirmation.candidates import Candidate
from study.confirmation.outcomes import RetrainJob, as_retraining
from study.confirmation.retrain import RetrainContext, retrain
from study.coordinator.seeds import derive_seed
from study.data.values import Split
from study.executors.own_config import Config, changes_between, with_changes

# From the second step on only the most promising changes of the step before are tried.
_TRIED = 4
# The smallest set of changes that keeps this share of the whole gain is marked.
_MOST = 0.9
# With fewer seeds the intervals of several steps would be too wide to say anything.
LEAST_SCORING = 5
# All steps' intervals hold together at this level.
FAMILY_LEVEL = 0.95


@dataclass(frozen=True)
class AblationEnd:
    """The steps of the path and all retrainings it took."""

    steps: tuple[AblationStep, ...]
    retrainings: tuple[Retraining, ...]


@dataclass(frozen=True)
class AblationDesign:
    """Study seed, paired seeds (each with a new split), and the validation split's share.

    The path is chosen on `choosing` seeds and scored on `scoring` others.
    """

    study_seed: int
    choosing: int
    scoring: int
    share: float


def run_ablation(
    context: RetrainContext, baseline: Candidate, winner: Candidate, design: AblationDesign
) -> AblationEnd:
    """Go greedily from baseline to winner: at each step take the change that brings most.

    A step's gain is a mean of paired differences, of equal seeds and splits (Fawcett & Hoos 2016,
    "Analysing differences between algorithm configurations through ablation"). The steps, and which
    are kept, are chosen on some seeds and their gains estimated on others: the best of many changes
    looks good on the seeds that chose it. Validation splits, never the test split.
    """
    choose = _Trainer(context, _drawn(design, "ablation", design.choosing))
    score = _Trainer(context, _drawn(design, "ablation score", design.scoring))
    changes = changed(baseline.config, winner.config)

    def scored(taken: Sequence[str], tried: str) -> tuple[float, ...]:
        config = with_changes(baseline.config, {name: changes[name] for name in (*taken, tried)})
        return choose.scores(config, f"with {tried}")

    first = float(np.mean(choose.scores(baseline.config, baseline.name)))
    taken, means = greedy_path(tuple(changes), scored)
    scores = [score.scores(baseline.config, baseline.name)]
    for number, name in enumerate(taken, start=1):
        config = with_changes(baseline.config, {one: changes[one] for one in taken[:number]})
        scores.append(score.scores(config, f"step {number}, {name}"))
    kept = smallest_prefix([first, *means])
    steps = _steps(context.measure, (baseline, winner), taken, scores, kept)
    return AblationEnd(steps, (*choose.retrainings, *score.retrainings))


def greedy_path(
    changes: Sequence[str], scores: Callable[[Sequence[str], str], Sequence[float]]
) -> tuple[list[str], list[float]]:
    """Return the changes in the order that a greedy choice takes them, and the mean after each.

    `scores` gives the scores by seed, of which more is better, with the changes taken so far and
    one that is tried.
    """
    taken: list[str] = []
    means: list[float] = []
    tried, left = list(changes), list(changes)
    while left:
        found = {name: float(np.mean(scores(taken, name))) for name in tried}
        order = sorted(found, key=lambda name: -found[name])
        taken.append(order[0])
        means.append(found[order[0]])
        left.remove(order[0])
        rest = order[1:]
        tried = (rest + [name for name in left if name not in rest])[:_TRIED]
    return taken, means


def step_level(steps: int) -> float:
    """Return the level of each step's interval so that all hold together at 0.95 (Bonferroni)."""
    return 1 - (1 - FAMILY_LEVEL) / steps


def changed(baseline: Config, winner: Config) -> dict[str, Scalar]:
    """Return the winner's values where they differ from the baseline's, by name."""
    return {name: after for name, (_, after) in changes_between(baseline, winner).items()}


def _drawn(design: AblationDesign, use: str, count: int) -> list[tuple[int, Split]]:
    """Return seeds with a split each; those of one use are independent of another's."""
    return [
        (
            derive_seed(design.study_seed, use, number),
            Split(derive_seed(design.study_seed, f"{use} split", number), design.share),
        )
        for number in range(count)
    ]


class _Trainer:
    """Train configs under the same seeds and splits; a failed training counts as the worst."""

    def __init__(self, context: RetrainContext, seeds: Sequence[tuple[int, Split]]) -> None:
        self._context = context
        self._seeds = seeds
        self.retrainings: list[Retraining] = []

    def scores(self, config: Config, name: str) -> tuple[float, ...]:
        who = Candidate(name, config)
        jobs = [RetrainJob("ablation", who, seed, split) for seed, split in self._seeds]
        outcomes = retrain(self._context, jobs)
        self.retrainings += [as_retraining(a, b, None) for a, b in zip(jobs, outcomes, strict=True)]
        measure = self._context.measure
        worst = measure.oriented(measure.worst)
        found = (outcome.score(measure) for outcome in outcomes)
        return tuple(worst if one is None else one for one in found)


def _steps(
    measure: Measure,
    ends: tuple[Candidate, Candidate],
    taken: Sequence[str],
    scores: Sequence[tuple[float, ...]],
    kept: int,
) -> tuple[AblationStep, ...]:
    changes = changes_between(ends[0].config, ends[1].config)
    return tuple(
        AblationStep(
            parameter=name,
            before=str(changes[name][0]),
            after=str(changes[name][1]),
            gain=measure.oriented(float(np.mean(np.subtract(scores[number], scores[number - 1])))),
            interval=_interval(measure, scores[number], scores[number - 1], step_level(len(taken))),
            seeds=len(scores[number]),
            split="validation",
            kept=number <= kept,
        )
        for number, name in enumerate(taken, start=1)
    )


def _interval(
    measure: Measure, after: Sequence[float], before: Sequence[float], level: float
) -> Interval | None:
    found = paired_interval(after, before, level)
    return None if found is None else turned(found, measure.name)


def smallest_prefix(means: Sequence[float]) -> int:
    """Return how many first changes keep 0.9 of the whole path's gain; 0 where there is none."""
    whole = means[-1] - means[0]
    if whole <= 0:
        return 0
    return next(number for number, mean in enumerate(means) if mean - means[0] >= _MOST * whole)


def paired_interval(
    after: Sequence[float], before: Sequence[float], level: float = 0.95
) -> Interval | None:
    """Return the t interval of a mean paired difference; None with one pair (Student 1908)."""
    gaps = np.subtract(after, before)
    if len(gaps) < 2:
        return None
    error = float(gaps.std(ddof=1)) / len(gaps) ** 0.5
    half = float(special.stdtrit(len(gaps) - 1, 0.5 + level / 2)) * error
    return Interval(float(gaps.mean()) - half, float(gaps.mean()) + half, level)
