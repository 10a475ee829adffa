"""Answers where intervals fail most easily, with the interval of 0.1.0 beside each."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from parts.simulated_networks import WORLDS, World, accuracies_of
from scipy import stats

from reports.record import Interval
from reports.statistics.crossed import Correct, Spread, mean_accuracy, mean_difference, welch
from reports.statistics.intervals import of_accuracy, of_difference
from reports.statistics.luck_band import luck_bounds

MNIST = WORLDS[0]
# Seeds drawn and the two intervals, that of 0.1.0 and today's, as differences from the truth.
Draw = Callable[[np.random.Generator], tuple[Interval, Interval]]


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


def harsh_worlds(answers: int) -> list[str]:
    """Print a line for each case, 0.1.0 and now; return the promises that are broken."""
    print(f"{answers} answers a line; percent, mean width in points; 0.1.0 -> now")
    print(
        f"{'':44s} {'limit above truth':>17s} {'below truth':>15s} {'covered':>15s}"
        f" {'BEATS':>15s} {'no width':>13s} {'width':>15s}"
    )
    broken = [
        fault for number, case in enumerate(cases()) for fault in _one_case(number, case, answers)
    ]
    return broken + _luck(answers)


def cases() -> Iterator[Case]:
    """Yield the cases: published numbers near 1, unequal noise, tiny test splits, ordinary ones."""
    for n, error in ((360, 0.016), (360, 0.005), (1000, 0.001), (60, 0.016)):
        world = World("", n, max(0.06, 4 * error), error, 2.5, 0.7, 0.15)
        for seeds in (2, 3, 5, 10):
            name = f"published {100 - 100 * error:.1f} %, n = {n}"
            yield Case(f"{name}, {seeds} seeds", _published(world, seeds))
    for seeds, covered in ((5, (0.94, 0.98)), (10, (0.94, 0.98))):
        name = f"published 98.2 %, n = 10000, {seeds} seeds"
        yield Case(name, _published(MNIST, seeds), covered=covered, wider=1.1)
    for seeds in (2, 3, 5):
        for ratio in (1, 5, 10):
            yield Case(f"seeds alone, sds 1:{ratio}, {seeds} seeds", _normal(ratio, seeds))
    for seeds in (2, 3):
        name = f"winner's seeds louder, n = 3000, {seeds} seeds"
        yield Case(name, _baseline(replace(MNIST, n=3000), seeds, seed_sds=(0.8, 0.05)))
    for n, error in ((20, 0.05), (60, 0.016), (60, 0.05), (360, 0.016)):
        world = World("", n, max(0.06, 4 * error), error, 2.5, 0.7, 0.15)
        for seeds in (2, 5):
            yield Case(f"equal, {error:.3f} wrong, n = {n}, {seeds} seeds", _baseline(world, seeds))
    equal = Case("equal, n = 10000, 5 seeds", _baseline(MNIST, 5))
    yield replace(equal, covered=(0.94, 0.98), wider=1.1)
    for gain, seeds in ((0.002, 5), (0.003, 10)):
        name = f"+{100 * gain:.1f} points, n = 10000, {seeds} seeds"
        least = 0.95 if seeds == 10 else 0.0
        yield Case(name, _baseline(MNIST, seeds, gain), gain, wider=1.1, power=least)
    skewed = _baseline(replace(MNIST, n=1000), 3, seed_sds=(1.5, 0.15))
    yield Case("one skewed side, n = 1000, 3 seeds", skewed, bounded=False)


def _published(world: World, seeds: int) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Interval, Interval]:
        correct = accuracies_of(world, rng, [world.error], seeds)[0]
        spread = mean_accuracy(correct)
        before = _former(spread, _row_variances(correct), seeds - 1)
        now = of_accuracy(spread)
        return _minus(before, 1 - world.error), _minus(now, 1 - world.error)

    return draw


def _baseline(
    world: World, seeds: int, gain: float = 0.0, seed_sds: tuple[float, ...] | None = None
) -> Draw:
    def draw(rng: np.random.Generator) -> tuple[Interval, Interval]:
        errors = [world.error - gain, world.error]
        winner, baseline = accuracies_of(world, rng, errors, seeds, seed_sds)
        variances = _row_variances(winner, baseline)
        spread = mean_difference(winner, baseline)
        return _former(spread, variances, _former_df(variances, seeds)), of_difference(spread)

    return draw


def _normal(ratio: float, seeds: int) -> Draw:
    """Draw accuracies of seeds as normal numbers on so many images that these do not matter."""
    n = 10**9

    def draw(rng: np.random.Generator) -> tuple[Interval, Interval]:
        sides = rng.standard_normal((2, seeds)) * np.array([[1e-3 * ratio], [1e-3]])
        variances = [float(v) for v in sides.var(axis=1, ddof=1) / seeds]
        mean = float(sides[0].mean() - sides[1].mean())
        spread = Spread(mean, seeds, n, sum(variances), welch(variances, seeds), 0.0, 0.0)
        return _former(spread, variances, _former_df(variances, seeds)), of_difference(spread)

    return draw


def _row_variances(*sides: Correct) -> list[float]:
    return [float(side.mean(axis=1).var(ddof=1)) / len(side) for side in sides]


def _former_df(variances: list[float], seeds: int) -> float:
    squares = sum(variance * variance for variance in variances)
    return sum(variances) ** 2 * (seeds + 1) / squares - 2 if squares else 2.0 * (seeds - 1)


def _former(spread: Spread, variances: list[float], df: float) -> Interval:
    """Return the interval of 0.1.0: seeds by t, images by z, with no care for edges."""
    t, z = float(stats.t.ppf(0.975, df)), float(stats.norm.ppf(0.975))
    half = math.sqrt(t * t * sum(variances) + z * z * spread.of_images)
    return Interval(spread.mean - half, spread.mean + half, 0.95)


def _minus(interval: Interval, truth: float) -> Interval:
    return Interval(interval.low - truth, interval.high - truth, interval.level)


def _one_case(number: int, case: Case, answers: int) -> list[str]:
    rng = np.random.default_rng(number)
    before, now = Count(), Count()
    for _ in range(answers):
        for count, interval in zip((before, now), case.draw(rng), strict=True):
            count.add(interval, case.gain)
    columns = ("above", "below", "covered", "beats", "no_width")
    shares = {
        column: [100 * _number(count, column, answers) / answers for count in (before, now)]
        for column in columns
    }
    widths = [100 * float(np.mean(count.widths)) for count in (before, now)]
    cells = "".join(f"  {old:6.2f} -> {new:6.2f}"[:18] for old, new in shares.values())
    print(f"{case.name:44s}{cells}  {widths[0]:7.3f} -> {widths[1]:7.3f}", flush=True)
    return [f"{case.name}: {fault}" for fault in _faults(case, answers, before, now)]


def _number(count: Count, column: str, answers: int) -> int:
    if column == "covered":
        return answers - count.above - count.below
    return int(getattr(count, column))


def _faults(case: Case, answers: int, before: Count, now: Count) -> Iterator[str]:
    """Yield what is broken; simulation noise of two standard errors is granted to shares."""
    if now.no_width:
        yield f"{now.no_width} intervals without width"
    if not case.bounded:
        return
    noise = 2 * math.sqrt(0.03 * 0.97 / answers)
    for what, count in (("above", now.above), ("below", now.below)):
        if count > (0.03 + noise) * answers:
            yield f"more than 3 % of intervals lie {what} the truth"
    covered = (answers - now.above - now.below) / answers
    if not case.covered[0] - noise <= covered <= case.covered[1] + noise:
        yield "intervals cover the truth too seldom or too often"
    if np.mean(now.widths) > case.wider * np.mean(before.widths):
        yield f"intervals are more than {case.wider} times as wide as those of 0.1.0"
    if now.beats < case.power * before.beats:
        yield f"less than {case.power:.0%} of the power of 0.1.0"


def _luck(answers: int) -> list[str]:
    """Print and return in how many searches among equals the best so far leaves the luck band."""
    broken = []
    for total, df in ((5, math.inf), (30, math.inf), (100, math.inf), (30, 8), (100, 8)):
        rng = np.random.default_rng(total)
        counts, bounds = luck_bounds(total, df)
        trials = rng.standard_normal((answers, total))
        sd = np.sqrt(rng.chisquare(df, (answers, 1)) / df) if df < math.inf else 1.0
        best = np.maximum.accumulate(trials, axis=1) - trials[:, :1]
        former = float(stats.norm.ppf(0.95 ** (1 / total)))
        ends = float(np.mean(best[:, -1:] > sd * former))
        line = np.interp(np.arange(1, total + 1), counts, bounds)
        ever = float(np.mean((best > sd * line + 1e-12).any(axis=1)))
        name = f"luck, {total} equal trials, df {df:g}"
        print(
            f"{name:44s}  ends above the band of 0.1.0 {100 * ends:5.2f}, "
            f"ever leaves the band now {100 * ever:5.2f}"
        )
        if ever > 0.05 + 2 * math.sqrt(0.05 * 0.95 / answers):
            broken.append(f"{name}: more than 5 % leave the band")
    return broken
