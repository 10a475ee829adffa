"""The path from baseline to winner, one changed parameter at a time, by retraining."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.record import AblationStep, Interval, Retraining
from search_spaces.parameters import Scalar
from study.config import TrainConfig, config_from_params
from study.confirmation.candidates import Candidate
from study.confirmation.outcomes import RetrainJob, as_retraining
from study.confirmation.retrain import RetrainContext, retrain
from study.coordinator.seeds import derive_seed
from study.data.values import Split

# From the second step on only the most promising changes of the step before are tried.
_TRIED = 4
# The smallest set of changes that keeps this share of the whole gain is marked.
_MOST = 0.9


@dataclass(frozen=True)
class AblationEnd:
    """The steps of the path and all retrainings it took."""

    steps: tuple[AblationStep, ...]
    retrainings: tuple[Retraining, ...]


@dataclass(frozen=True)
class AblationDesign:
    """Study seed, paired seeds (each with a new split), and the validation split's share."""

    study_seed: int
    seeds: int
    share: float


def run_ablation(
    context: RetrainContext, baseline: Candidate, winner: Candidate, design: AblationDesign
) -> AblationEnd:
    """Go greedily from baseline to winner: at each step take the change that brings most.

    All retrainings share seeds and splits, so every step's gain is a mean of paired differences
    (Fawcett & Hoos 2016, "Analysing differences between algorithm configurations through
    ablation"). Validation splits, never the test split.
    """
    trainer = _Trainer(context, design)
    changes = changed(baseline.config, winner.config)
    here = baseline.config
    scores = [trainer.accuracies(here, baseline.name)]
    taken: list[str] = []
    tried = list(changes)
    while changes:
        found = {
            name: trainer.accuracies(_with(here, {name: changes[name]}), f"with {name}")
            for name in tried
        }
        order = sorted(found, key=lambda name: -float(np.mean(found[name])))
        best = order[0]
        here = _with(here, {best: changes.pop(best)})
        scores.append(found[best])
        taken.append(best)
        rest = [name for name in order[1:] if name in changes]
        tried = (rest + [name for name in changes if name not in rest])[:_TRIED]
    return AblationEnd(_steps(baseline, winner, taken, scores), tuple(trainer.retrainings))


def changed(baseline: TrainConfig, winner: TrainConfig) -> dict[str, Scalar]:
    """Return the winner's values where they differ from the baseline's, by name."""
    before = baseline.as_params()
    return {name: value for name, value in winner.as_params().items() if before[name] != value}


def _with(config: TrainConfig, changes: Mapping[str, Scalar]) -> TrainConfig:
    return config_from_params({**config.as_params(), **changes})


class _Trainer:
    """Train configs under the design's seeds; a failed training counts as accuracy 0."""

    def __init__(self, context: RetrainContext, design: AblationDesign) -> None:
        self._context = context
        self._seeds = [
            (
                derive_seed(design.study_seed, "ablation", number),
                Split(derive_seed(design.study_seed, "ablation split", number), design.share),
            )
            for number in range(design.seeds)
        ]
        self.retrainings: list[Retraining] = []

    def accuracies(self, config: TrainConfig, name: str) -> tuple[float, ...]:
        who = Candidate(name, config)
        jobs = [RetrainJob("ablation", who, seed, split) for seed, split in self._seeds]
        outcomes = retrain(self._context, jobs)
        self.retrainings += [as_retraining(a, b, None) for a, b in zip(jobs, outcomes, strict=True)]
        return tuple(outcome.accuracy or 0.0 for outcome in outcomes)


def _steps(
    baseline: Candidate,
    winner: Candidate,
    taken: Sequence[str],
    scores: Sequence[tuple[float, ...]],
) -> tuple[AblationStep, ...]:
    before, after = baseline.config.as_params(), winner.config.as_params()
    kept = smallest_prefix([float(np.mean(one)) for one in scores])
    return tuple(
        AblationStep(
            parameter=name,
            before=str(before[name]),
            after=str(after[name]),
            gain=float(np.mean(np.subtract(scores[number], scores[number - 1]))),
            interval=paired_interval(scores[number], scores[number - 1]),
            seeds=len(scores[number]),
            split="validation",
            kept=number <= kept,
        )
        for number, name in enumerate(taken, start=1)
    )


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
    half = float(stats.t.ppf(0.5 + level / 2, len(gaps) - 1)) * error
    return Interval(float(gaps.mean()) - half, float(gaps.mean()) + half, level)
