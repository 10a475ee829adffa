"""The race: the search's best and the baseline again, under new seeds and splits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from statistics import fmean, median

from reports.record import Retraining
from reports.statistics.race import eliminated
from search_spaces.measures import Measure
from study.config import TrainConfig
from study.confirmation.candidates import Candidate
from study.confirmation.outcomes import Outcome, RetrainJob, as_retraining
from study.confirmation.retrain import RetrainContext, retrain
from study.data.values import Split
from study.engine.seeds import derive_seed

GoesOn = Callable[[Sequence[Candidate], Sequence[Retraining]], bool]
# Every candidate still in it has so many rounds, whatever they show.
_SURE_ROUNDS = 2


@dataclass(frozen=True)
class RaceEnd:
    """Who won (None where every candidate failed), scores by candidate, all retrainings.

    Scores are those of the study's measure, turned so that more is better.
    `winner` and `baseline` are ready for the final: where one stopped early, its epochs are fixed
    at the median of the epochs it kept.
    """

    winner: Candidate | None
    baseline: Candidate
    scores: dict[str, tuple[float, ...]]
    retrainings: tuple[Retraining, ...]


def run_race(
    context: RetrainContext,
    baseline: Candidate,
    candidates: Sequence[Candidate],
    design: tuple[int, int, Split],
    goes_on: GoesOn = lambda _alive, _retrainings: True,
    then: Sequence[RetrainJob] | None = None,
) -> RaceEnd:
    """Race candidates over rounds of paired seeds; `design` is study seed, rounds, search's split.

    Each round has a split like the search's under a seed of its own: on folds, fresh ones.

    A candidate is eliminated when it fails, and from the second round on when it is clearly behind
    the leader. The race ends after a round where it `goes_on` no further, as those left and the
    retrainings so far decide. The winner has the best mean over the rounds of those that ran to the
    end. Workers that would idle train ahead what is sure to come `then`, and later rounds; without
    it, nothing.
    """
    study_seed, rounds, searched = design
    measure = context.measure
    alive = {candidate.name: candidate for candidate in candidates}
    outcomes: dict[str, list[Outcome]] = {name: [] for name in (baseline.name, *alive)}
    retrainings: list[Retraining] = []
    for number in range(rounds):
        racing = (baseline, *alive.values())
        jobs = _round(racing, study_seed, number, searched)
        later = [_round(racing, study_seed, one, searched) for one in range(number + 1, rounds)]
        sure = max(0, _SURE_ROUNDS - 1 - number)
        ahead = [] if then is None else [*chain(*later[:sure]), *then, *chain(*later[sure:])]
        for job, outcome in zip(jobs, retrain(context, jobs, ahead), strict=True):
            outcomes[job.candidate.name].append(outcome)
            retrainings.append(as_retraining(job, outcome, None))
            if outcome.accuracy is None:
                alive.pop(job.candidate.name, None)
        for name in eliminated({name: _scores(measure, outcomes[name]) for name in alive}):
            context.say(f"race: {name} is eliminated after {number + 1} rounds")
            del alive[name]
        if not alive or (len(alive) == 1 and number > 0):
            break
        if number + 1 < rounds and not goes_on(tuple(alive.values()), retrainings):
            break
    means = {name: fmean(_scores(measure, outcomes[name])) for name in alive}
    best = max(means, key=lambda name: means[name], default=None)
    winner = None if best is None else fixed_epochs(alive[best], outcomes[best])
    scores = {name: _scores(measure, found) for name, found in outcomes.items()}
    fixed = fixed_epochs(baseline, outcomes[baseline.name])
    return RaceEnd(winner, fixed, scores, tuple(retrainings))


def _round(
    racing: Sequence[Candidate], study_seed: int, number: int, searched: Split
) -> list[RetrainJob]:
    seed = derive_seed(study_seed, "race", number)
    split = replace(searched, seed=derive_seed(study_seed, "race split", number))
    return [RetrainJob("race", one, seed, split) for one in racing]


def _scores(measure: Measure, outcomes: Sequence[Outcome]) -> tuple[float, ...]:
    found = (one.score(measure) for one in outcomes)
    return tuple(one for one in found if one is not None)


def fixed_epochs(candidate: Candidate, outcomes: Sequence[Outcome]) -> Candidate:
    """Fix the epochs where a config stops early: a training without validation cannot stop.

    What a user's own `fit` does is only seen: it always gets the epochs that it kept.
    """
    config = candidate.config
    kept = [one.kept_epoch for one in outcomes if one.accuracy is not None]
    epochs = max(1, round(median(kept))) if kept else config.epochs
    if isinstance(config, TrainConfig) and config.patience == 0:
        return candidate
    return replace(candidate, config=config.ended_after(epochs))
