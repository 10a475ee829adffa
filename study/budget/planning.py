"""What there is time for: from costs, slots, options and the seconds left to a plan; it is pure."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.budget import Planned
from study.budget.asked import Asked
from study.budget.costs import TrainingCosts
from study.budget.shapes import Shape, least_seeds, shapes_of
from study.config import TrainConfig
from study.run_dir.confirm_options import AUTO_LOOKS

# The share of the time for search and confirmation that the second is to have at most.
_CONFIRMATION_SHARE = 0.5
# By this share of the budget what was kept time for may overdraw it.
_TOLERANCE = 0.04
# By this share of the budget the least confirmation may overdraw it, rather than be left out.
_OVERDRAFT = 0.05
# What one opening of the test split, and what report, bundle and the end of the program take, in
# times of what the start took: it imports the same packages. And what a network more takes.
_OPENING, _WRITING, _NETWORK = 1.0, 0.45, 0.01


@dataclass(frozen=True)
class Situation:
    """What is known when it is planned: of the `budget`, seconds `left` and `searched` so far.

    `start` are the seconds that the start of the program took, `candidates` the best configs so
    far, best first; `slots` trainings run at once. `planned` seeds were kept time for.
    """

    budget: float
    left: float
    searched: float
    start: float
    slots: int
    costs: TrainingCosts
    candidates: tuple[TrainConfig, ...]
    asked: Asked
    planned: int = 0


def target(situation: Situation) -> Shape:
    """Return the confirmation that the search keeps time for, until its best configs change.

    It is the largest that takes at most half the time of search and confirmation and that still
    fits, else the least.
    """
    for shape in (shapes := shapes_of(situation.asked)):
        left = situation.left - closing_seconds(situation, shape.seeds)
        half = _CONFIRMATION_SHARE * (left + situation.searched)
        if confirmation_seconds(situation, shape) <= min(left, half):
            return shape
    return shapes[-1]


def confirmation_that_fits(situation: Situation) -> Shape | None:
    """Return the largest confirmation that the time left is enough for, or nearly; else None."""
    shapes = shapes_of(situation.asked)
    for shape in shapes:
        share = _OVERDRAFT if shape == shapes[-1] else _TOLERANCE
        needed = confirmation_seconds(situation, shape) + closing_seconds(situation, shape.seeds)
        if needed <= situation.left + share * situation.budget:
            return shape
    return None


def search_seconds(situation: Situation, shape: Shape | None) -> float:
    """Return how long the search can go on before a confirmation, None for none, in seconds.

    It is less than 0 where the search is over.
    """
    if shape is None:
        # The bundle's network is trained once more.
        return situation.left - closing_seconds(situation, 0) - _best_whole(situation)
    closing = closing_seconds(situation, shape.seeds)
    return situation.left - confirmation_seconds(situation, shape) - closing


def trial_fits(
    situation: Situation,
    shape: Shape | None,
    config: TrainConfig,
    under_way: Sequence[tuple[TrainConfig, float]],
) -> bool:
    """Tell whether a trial that starts now ends before the search has to, and is worth it.

    Those `under_way`, with the seconds that each has run, must end before as well. A config is
    worth a trial when it could still be confirmed, and in at most half the time unless it costs no
    more than the baseline.
    """
    costs = situation.costs
    seconds = costs.cautious_seconds(config)
    ends = [costs.seconds(one) - took for one, took in under_way]
    end = max(seconds, *ends, 0.0)
    if end > search_seconds(situation, shape):
        return False
    return shape is None or _can_be_confirmed(situation, config, end)


def _can_be_confirmed(situation: Situation, config: TrainConfig, end: float) -> bool:
    few = shapes_of(situation.asked)[-2:][0]
    alone = replace(situation, candidates=(config,))
    needed = confirmation_seconds(alone, few)
    costs = situation.costs
    needed *= costs.cautious_seconds(config) / costs.seconds(config)
    left = situation.left - closing_seconds(situation, few.seeds)
    half = _CONFIRMATION_SHARE * (left + situation.searched)
    is_cheap = costs.seconds(config) <= costs.seconds(costs.baseline)
    return needed <= left - end and (is_cheap or needed <= half)


def planned_search(situation: Situation, shape: Shape | None, spent: float, ended: int) -> Planned:
    """Return what is planned while the search goes on, `spent` seconds into the study.

    So many trials have `ended`.
    """
    left = max(0.0, search_seconds(situation, shape))
    more = int(left * max(1, situation.slots) / situation.costs.typical)
    return planned(shape, spent + left, ended + more)


def planned(shape: Shape | None, until: float, trials: int) -> Planned:
    """Return the plan of a search until then and a confirmation of a shape, None for none."""
    if shape is None:
        return Planned(search_until=until, trials=trials)
    return Planned(
        search_until=until,
        trials=trials,
        top=shape.top,
        rounds=shape.rounds,
        looks=shape.seeds is None,
        seeds=shape.seeds or 0,
    )


def seeds_at_once(situation: Situation, winner: TrainConfig) -> int:
    """Return of how many seeds of the final the trainings keep the slots busy."""
    return max(1, situation.slots // len(_sides(situation, winner)))


def seeds_that_fit(situation: Situation, winner: TrainConfig, done: int) -> int:
    """Return with how many seeds a final fits, `done` of which are trained, up to the most."""
    at_once, most = seeds_at_once(situation, winner), situation.asked.most
    seeds = done
    while seeds < most:
        more = min(seeds + at_once, most)
        seconds = final_seconds(situation, winner, more - done)
        spare = _TOLERANCE * situation.budget if more <= situation.planned else 0.0
        if seconds + closing_seconds(situation, more) > situation.left + spare:
            break
        seeds = more
    return seeds


def least_final_fits(situation: Situation, winner: TrainConfig) -> bool:
    """Tell whether the least final fits, or overdraws the budget by little."""
    seeds = least_seeds(situation.asked)
    needed = final_seconds(situation, winner, seeds) + closing_seconds(situation, seeds)
    return needed <= situation.left + _OVERDRAFT * situation.budget


def round_fits(situation: Situation, rivals: Sequence[TrainConfig]) -> bool:
    """Tell whether one more round of a race leaves time for the least final of its dearest."""
    costs = situation.costs
    each = [costs.seconds(one) for one in (costs.baseline, *rivals)]
    after = situation.left - makespan(each, situation.slots)
    return least_final_fits(replace(situation, left=after), max(rivals, key=costs.seconds))


def confirmation_seconds(situation: Situation, shape: Shape) -> float:
    """Return what race and final take, the test split apart."""
    costs = situation.costs
    rivals = [costs.seconds(one) for one in situation.candidates[: shape.top]]
    rivals += [costs.typical] * (min(1, shape.top) - min(1, len(rivals)))
    race = makespan([costs.seconds(costs.baseline), *rivals], situation.slots)
    # Nobody knows who will win: of the dearest there must be time for the least.
    winners = situation.candidates[: shape.top] or (costs.baseline,)
    finals = [final_seconds(situation, one, shape.seeds) for one in winners]
    dearest = max(winners, key=costs.seconds)
    least = final_seconds(situation, dearest, least_seeds(situation.asked))
    return shape.rounds * race + max(least, sum(finals) / len(finals))


def final_seconds(situation: Situation, winner: TrainConfig, seeds: int | None) -> float:
    """Return what the trainings of a final take, with all its looks where there are looks."""
    sides, slots = _sides(situation, winner), situation.slots
    if seeds is None:
        first, most = AUTO_LOOKS[0], AUTO_LOOKS[-1]
        return makespan([*sides[:2] * most, *sides[2:] * first], slots)
    at_once = seeds_at_once(situation, winner)
    full, rest = divmod(seeds, at_once)
    parts = full * makespan(sides * at_once, slots)
    return parts + (makespan(sides * rest, slots) if rest else 0.0)


def closing_seconds(situation: Situation, seeds: int | None) -> float:
    """Return what the openings of the test split, report and bundle take."""
    looks, most = (len(AUTO_LOOKS), AUTO_LOOKS[-1]) if seeds is None else (min(1, seeds), seeds)
    return situation.start * (looks * _OPENING + _WRITING + 3 * most * _NETWORK)


def makespan(costs: Sequence[float], slots: int) -> float:
    """Return when the last of these ends, each started in order as a slot is free."""
    ends = [0.0] * max(1, min(slots, len(costs)))
    for cost in costs:
        heapq.heapreplace(ends, ends[0] + cost)
    return max(ends)


def _best_whole(situation: Situation) -> float:
    best = situation.candidates[:1] or (situation.costs.baseline,)
    return situation.costs.whole_seconds(best[0])


def _sides(situation: Situation, winner: TrainConfig) -> list[float]:
    """Return what winner, baseline, and baseline of the winner's epochs and width cost a seed."""
    costs = situation.costs
    equal = replace(costs.baseline, epochs=winner.epochs, width=winner.width)
    sides = [winner, costs.baseline]
    if equal.key not in (winner.key, costs.baseline.key):
        sides.append(equal)
    return [costs.whole_seconds(one) for one in sides]
