"""What many studies without anything to find said, alone and as the studies of one user."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.statistics.crossed import Correct, mean_difference
from reports.statistics.intervals import clopper_pearson, of_difference
from reports.statistics.spending import level_of_opening

# The bound, the share that it has to be distinguished from, and how surely.
PROMISED, DISTINGUISHED, ERROR = 0.025, 0.10, 0.05
STUDIES_OF_ONE = 10
_ORDERS = 4000


@dataclass(frozen=True, eq=False)
class NullAnswer:
    """Which test predictions of winner and baseline were correct, each (seeds, n)."""

    winner: Correct
    baseline: Correct

    def beats(self, level: float) -> bool:
        """Tell whether the answer is BEATS at a level."""
        return of_difference(mean_difference(self.winner, self.baseline), level).low > 0

    def loses(self, level: float) -> bool:
        """Tell whether the answer is DOES NOT BEAT at a level."""
        return of_difference(mean_difference(self.winner, self.baseline), level).high < 0


def most_allowed(studies: int) -> int:
    """Return how many false BEATS pass: more come in at most 5 % where 2.5 % are false."""
    return next(
        count for count in range(studies + 1) if stats.binom.sf(count, studies, PROMISED) <= ERROR
    )


def null_table(answers: Sequence[NullAnswer]) -> bool:
    """Print the table; return whether BEATS came more often than the bound allows."""
    studies = len(answers)
    first = level_of_opening(1)
    beats = sum(one.beats(first) for one in answers)
    loses = sum(one.loses(first) for one in answers)
    allowed = most_allowed(studies)
    print(f"\n| {studies} studies on digits, no gain to find | 0.1.0, % | now, % | 95 % interval |")
    print("|---|---|---|---|")
    for what, side, count in (
        ("one study: BEATS", NullAnswer.beats, beats),
        ("one study: DOES NOT BEAT", NullAnswer.loses, loses),
    ):
        before = 100 * sum(side(one, 0.95) for one in answers) / studies
        own = clopper_pearson(count, studies)
        now = f"{100 * count / studies:.1f} | {100 * own.low:.1f} to {100 * own.high:.1f}"
        print(f"| {what} | {before:.1f} | {now} |")
    if studies >= STUDIES_OF_ONE:
        alone, spent = (100 * share for share in _of_one_user(answers))
        what = f"a user of {STUDIES_OF_ONE} studies: any BEATS"
        print(f"| {what} | {alone:.1f} | {spent:.1f} | from {_ORDERS:,} orders |")
    power = float(stats.binom.sf(allowed, studies, DISTINGUISHED))
    print(
        f"BEATS in {beats} of {studies}; up to {allowed} pass. With a true share of "
        f"{DISTINGUISHED:.0%} more would come in {power:.0%} of such runs."
    )
    return beats > allowed


def _of_one_user(answers: Sequence[NullAnswer]) -> tuple[float, float]:
    """Return how often any of ten studies of one test split says BEATS: 0.05 each, and now.

    The studies are drawn from all in random orders, and the k-th answers at the level of opening k.
    """
    levels = [0.95, *(level_of_opening(k) for k in range(1, STUDIES_OF_ONE + 1))]
    said = np.array([[one.beats(level) for level in levels] for one in answers])
    rng = np.random.default_rng(0)
    before = now = 0
    for _ in range(_ORDERS):
        drawn = said[rng.permutation(len(answers))[:STUDIES_OF_ONE]]
        before += bool(drawn[:, 0].any())
        now += bool(np.diagonal(drawn[:, 1:]).any())
    return before / _ORDERS, now / _ORDERS
