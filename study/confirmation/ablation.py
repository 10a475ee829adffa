"""The path from baseline to winner, one changed parameter at a time, by retraining."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from reports.record import AblationStep, Interval, Retraining
from reports.turned import turned
from search_spaces.measures import Measure
from search_spaces.parameters import Scalar
from study.confirmation.candidates import Candidate
from study.confirmation.outcomes import RetrainJob, as_retraining
from study.confirmation.retrain import RetrainContext, retrain
from study.data.values import Split
from study.engine.seeds import derive_seed
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
    """Study seed, paired seeds, and the search's split: each has one like it under a new seed.

    The path is chosen on `choosing` seeds and scored on `scoring` others.
    """

    study_seed: int
    choosing: int
    scoring: int
    split: Split


def run_ablation(
    context: RetrainContext, baseline: Candidate, winner: Candidate, design: AblationDesign
) -> AblationEnd:
    """Go greedily from baseline to winner: at each step take the change that brings most.

    A step's gain is a mean of paired differences, of equal seeds and splits (Fawcett & Hoos 2016,
    "Analysing differences between algorithm configurations through ablation"). The steps, and which
    are kept, are chosen on some seeds and their gains estimated on others: the best of many changes
    looks good on the seeds that chose it. Validation splits, never the test split.
    """
    choose, score = (_Trainer(context, drawn) for drawn in _drawn(design))
    changes = changed(baseline.config, winner.config)

    def steps(taken: Sequence[str]) -> list[Candidate]:
        return [
            baseline,
            *(_step(baseline, changes, taken[: one + 1]) for one in range(len(taken))),
        ]

    def scored(taken: Sequence[str], tried: Sequence[str]) -> list[tuple[float, ...]]:
        # What was taken so far is scored in any case, and so are all changes together.
        ahead = score.orders([*steps(taken), winner])
        return choose.scores(_with(baseline, changes, taken, tried), ahead)

    ahead = sure_orders(baseline, winner, design)
    first = float(np.mean(choose.scores([baseline], ahead)[0]))
    taken, means = greedy_path(tuple(changes), scored)
    scores = score.scores(steps(taken))
    kept = smallest_prefix([first, *means])
    path = _steps(context.measure, (baseline, winner), taken, scores, kept)
    return AblationEnd(path, (*choose.retrainings, *score.retrainings))


def sure_orders(baseline: Candidate, winner: Candidate, design: AblationDesign) -> list[RetrainJob]:
    """List the retrainings that an ablation has, whatever any of them shows."""
    choosing, scoring = _drawn(design)
    changes = changed(baseline.config, winner.config)
    first = [baseline, *_with(baseline, changes, (), tuple(changes))]
    return [*_orders(first, choosing), *_orders([baseline, winner], scoring)]


def greedy_path(
    changes: Sequence[str],
    scores: Callable[[Sequence[str], Sequence[str]], Sequence[Sequence[float]]],
) -> tuple[list[str], list[float]]:
    """Return the changes in the order that a greedy choice takes them, and the mean after each.

    `scores` gives the scores by seed, of which more is better, with the changes taken so far and
    each one of those that are tried.
    """
    taken: list[str] = []
    means: list[float] = []
    tried, left = list(changes), list(changes)
    while left:
        rows = zip(tried, scores(taken, tried), strict=True)
        found = {name: float(np.mean(row)) for name, row in rows}
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


def _drawn(design: AblationDesign) -> tuple[list[tuple[int, Split]], list[tuple[int, Split]]]:
    """Return seeds with a split each: to choose by, and independent ones to score on."""
    seed = design.study_seed

    def drawn(use: str, count: int) -> list[tuple[int, Split]]:
        return [
            (
                derive_seed(seed, use, one),
                replace(design.split, seed=derive_seed(seed, f"{use} split", one)),
            )
            for one in range(count)
        ]

    return drawn("ablation", design.choosing), drawn("ablation score", design.scoring)


def _step(baseline: Candidate, changes: Mapping[str, Scalar], taken: Sequence[str]) -> Candidate:
    config = with_changes(baseline.config, {name: changes[name] for name in taken})
    return Candidate(f"step {len(taken)}, {taken[-1]}", config)


def _with(
    baseline: Candidate, changes: Mapping[str, Scalar], taken: Sequence[str], tried: Sequence[str]
) -> list[Candidate]:
    return [
        replace(_step(baseline, changes, (*taken, name)), name=f"with {name}") for name in tried
    ]


def _orders(who: Sequence[Candidate], drawn: Sequence[tuple[int, Split]]) -> list[RetrainJob]:
    return [RetrainJob("ablation", one, seed, split) for one in who for seed, split in drawn]


class _Trainer:
    """Train configs under the same seeds and splits; a failed training counts as the worst."""

    def __init__(self, context: RetrainContext, drawn: Sequence[tuple[int, Split]]) -> None:
        self._context = context
        self._drawn = drawn
        self.retrainings: list[Retraining] = []

    def orders(self, who: Sequence[Candidate]) -> list[RetrainJob]:
        return _orders(who, self._drawn)

    def scores(
        self, who: Sequence[Candidate], ahead: Sequence[RetrainJob] = ()
    ) -> list[tuple[float, ...]]:
        jobs = self.orders(who)
        outcomes = retrain(self._context, jobs, ahead)
        self.retrainings += [as_retraining(a, b, None) for a, b in zip(jobs, outcomes, strict=True)]
        measure = self._context.measure
        worst = measure.oriented(measure.worst)
        found = [outcome.score(measure) for outcome in outcomes]
        scores = [worst if one is None else one for one in found]
        seeds = len(self._drawn)
        return [tuple(scores[at : at + seeds]) for at in range(0, len(scores), seeds)]


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
