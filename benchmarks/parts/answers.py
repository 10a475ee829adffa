"""Simulated answers: how often an interval misses the truth, with that of 0.1.0 beside it."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from reports.record import Interval
from reports.statistics.crossed import Correct, Spread
from reports.statistics.spending import level_of_opening

# From so many answers on, a share is held to its bound without a grant for noise.
ENOUGH = 3000
MOST_FALSE = 0.03
# The interval of 0.1.0 as a difference from the truth, and today's at any level.
Drawn = tuple[Interval, Callable[[float], Interval]]
Draw = Callable[[np.random.Generator], Drawn]


@dataclass(frozen=True)
class Case:
    """A world, how an answer is drawn in it, and what is promised there.

    `covered` are the least and greatest share of intervals with the truth in them; `wider` how
    many times as wide they may be as those of 0.1.0; `power` the least share of that of 0.1.0.
    """

    name: str
    draw: Draw
    gain: float = 0.0
    bounded: bool = True
    covered: tuple[float, float] = (0.94, 1.0)
    wider: float = math.inf
    power: float = 0.0


@dataclass
class Count:
    """Counts over answers: low limit above the truth, high limit below it, and so on."""

    above: int = 0
    below: int = 0
    beats: int = 0
    no_width: int = 0
    widths: list[float] = field(default_factory=list)

    def add(self, interval: Interval, gain: float) -> None:
        """Count one interval of a difference whose truth is `gain`."""
        self.above += interval.low > gain
        self.below += interval.high < gain
        self.beats += interval.low > 0
        self.no_width += interval.high <= interval.low
        self.widths.append(interval.high - interval.low)


@dataclass(frozen=True)
class Result:
    """What a case came to: 0.1.0, now at the same 95 %, and now as in a first opening."""

    case: Case
    answers: int
    before: Count
    now: Count
    first: Count

    def faults(self) -> Iterator[str]:
        """Yield the promises that are broken; noise of two standard errors is granted to shares."""
        case, answers, now = self.case, self.answers, self.now
        if now.no_width:
            yield f"{now.no_width} intervals without width"
        if not case.bounded:
            return
        noise = noise_of(MOST_FALSE, answers)
        for what, count in (("above", now.above), ("below", now.below)):
            if count > (MOST_FALSE + noise) * answers:
                yield f"more than 3 % of intervals lie {what} the truth"
        if is_over(self.first.above, MOST_FALSE, answers):
            yield "in a first opening more than 3 % of intervals lie above the truth"
        covered = (answers - now.above - now.below) / answers
        if not case.covered[0] - noise <= covered <= case.covered[1] + noise:
            yield "intervals cover the truth too seldom or too often"
        if np.mean(now.widths) > case.wider * np.mean(self.before.widths):
            yield f"intervals are more than {case.wider} times as wide as those of 0.1.0"
        if now.beats < case.power * self.before.beats:
            yield f"less than {case.power:.0%} of the power of 0.1.0"


def noise_of(share: float, answers: int) -> float:
    """Return two standard errors of a share that is counted in so many answers."""
    return 2 * math.sqrt(share * (1 - share) / answers)


def is_over(count: int, share: float, answers: int) -> bool:
    """Tell whether so many of the answers are more than a bound, noise granted where few are."""
    grant = 0.0 if answers >= ENOUGH else noise_of(share, answers)
    return count > (share + grant) * answers


def run_cases(cases: Iterable[Case], answers: int) -> list[Result]:
    """Draw the answers of each case, print its line, and return what they came to."""
    print(f"{answers} answers a line; percent, mean width in points; 0.1.0 -> now, both at 95 %")
    print(
        f"{'':44s} {'limit above truth':>17s} {'below truth':>15s} {'covered':>15s}"
        f" {'BEATS':>15s} {'no width':>13s} {'width':>15s}   first opening: above, BEATS, width"
    )
    return [_run(number, case, answers) for number, case in enumerate(cases)]


def _run(number: int, case: Case, answers: int) -> Result:
    rng = np.random.default_rng(number)
    found = Result(case, answers, Count(), Count(), Count())
    for _ in range(answers):
        before, now = case.draw(rng)
        found.before.add(before, case.gain)
        found.now.add(now(0.95), case.gain)
        found.first.add(now(level_of_opening(1)), case.gain)
    _print(found)
    return found


def _print(found: Result) -> None:
    columns = ("above", "below", "covered", "beats", "no_width")
    pairs = [
        [100 * _number(count, column, found.answers) / found.answers for count in sides]
        for column in columns
        for sides in [(found.before, found.now)]
    ]
    cells = "".join(f"  {old:6.2f} -> {new:6.2f}"[:18] for old, new in pairs)
    widths = [100 * float(np.mean(one.widths)) for one in (found.before, found.now, found.first)]
    first = [100 * count / found.answers for count in (found.first.above, found.first.beats)]
    print(
        f"{found.case.name:44s}{cells}  {widths[0]:7.3f} -> {widths[1]:7.3f}"
        f"   {first[0]:6.2f} {first[1]:6.2f} {widths[2]:7.3f}",
        flush=True,
    )


def _number(count: Count, column: str, answers: int) -> int:
    if column == "covered":
        return answers - count.above - count.below
    return int(getattr(count, column))


def former_of_accuracy(spread: Spread, correct: Correct) -> Interval:
    """Return the interval of 0.1.0 of a mean accuracy."""
    return former(spread, row_variances(correct), spread.seeds - 1)


def former_of_difference(spread: Spread, variances: list[float]) -> Interval:
    """Return the interval of 0.1.0 of a difference, from the variances of both sides' means."""
    squares = sum(variance * variance for variance in variances)
    seeds = spread.seeds
    df = sum(variances) ** 2 * (seeds + 1) / squares - 2 if squares else 2.0 * (seeds - 1)
    return former(spread, variances, df)


def row_variances(*sides: Correct) -> list[float]:
    """Return the variance of each side's mean over seeds."""
    return [float(side.mean(axis=1).var(ddof=1)) / len(side) for side in sides]


def former(spread: Spread, variances: list[float], df: float) -> Interval:
    """Return the interval of 0.1.0: seeds by t, images by z, with no care for edges."""
    t, z = float(stats.t.ppf(0.975, df)), float(stats.norm.ppf(0.975))
    half = math.sqrt(t * t * sum(variances) + z * z * spread.of_images)
    return Interval(spread.mean - half, spread.mean + half, 0.95)


def minus(interval: Interval, truth: float) -> Interval:
    """Return an interval as a difference from the truth."""
    return Interval(interval.low - truth, interval.high - truth, interval.level)
