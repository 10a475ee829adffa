"""The verdict: BEATS, DOES NOT BEAT or CAN'T TELL, in one sentence with its evidence."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from reports.numbers import percent, plural, points
from reports.record import Answer, Comparison, Interval
from reports.statistics.crossed import Correct, Spread, mean_accuracy, mean_difference
from reports.statistics.intervals import of_accuracy, of_difference, of_one_network
from reports.statistics.settling import what_settles
from reports.statistics.spending import level_of_opening
from search_spaces.space import PublishedAccuracy

Against = Literal["baseline", "published", "equal compute"]
_NAMES = {"baseline": "the re-run baseline", "equal compute": "the baseline given equal compute"}


@dataclass(frozen=True)
class Terms:
    """On what terms an answer is given.

    `margin` is the smallest gain that matters (fraction). `opening` counts the openings of this
    test split, this one included and `elsewhere` of them by other studies. Each has an error of its
    own, and all of them together spend at most 0.05 (`error_of_opening`): what was answered at an
    earlier, larger error stays answered. At one of `looks` planned looks, `look_level` is the level
    of that look's interval.
    """

    margin: float = 0.0
    opening: int = 1
    looks: int = 1
    look_level: float | None = None
    elsewhere: int = 0

    @property
    def level(self) -> float:
        """Return the level that the interval claims, over all looks of this opening."""
        return level_of_opening(self.opening)

    @property
    def width_level(self) -> float:
        """Return the level that sets the interval's width."""
        return self.level if self.look_level is None else self.look_level


def answer_of(interval: Interval, margin: float) -> Answer:
    """Return what an interval of a difference says about a margin."""
    if interval.low > margin:
        return "BEATS"
    if interval.high < margin:
        return "DOES NOT BEAT"
    return "CAN'T TELL"


def against_baseline(
    winner: str,
    correct: tuple[Correct, Correct],
    terms: Terms,
    against: Literal["baseline", "equal compute"] = "baseline",
) -> Comparison:
    """Answer from who was correct: winner and the other, each (seeds, n) on the same images."""
    spread = mean_difference(*correct)
    means = (float(correct[0].mean()), float(correct[1].mean()))
    interval = replace(of_difference(spread, terms.width_level), level=terms.level)
    evidence = (
        f"({percent(means[0])} against {percent(means[1])}, n = {spread.n:,}, "
        f"{plural(spread.seeds, 'seed')} each, {_interval_words(interval, terms)})"
    )
    return _compare(winner, against, _NAMES[against], (spread, interval), (terms, evidence))


def against_published(
    winner: str, correct: Correct, published: PublishedAccuracy, data: str, terms: Terms
) -> Comparison:
    """Answer against a published accuracy, taken as a constant, from who was correct (seeds, n)."""
    seeds, n = correct.shape
    other = incomparable(published, data)
    if other is not None:
        return cant_tell(winner, "published", other, terms.margin, (seeds, n))
    spread = mean_accuracy(correct)
    mean = spread.mean
    own = of_accuracy(spread, terms.width_level)
    low, high = (limit - published.accuracy for limit in (own.low, own.high))
    interval = Interval(low, high, terms.level)
    spread = replace(spread, mean=mean - published.accuracy)
    evidence = (
        f"({percent(mean)} on test, n = {n:,}, {plural(seeds, 'seed')}, "
        f"difference with {_interval_words(interval, terms)}; "
        f"published: {published_words(published)})"
    )
    name = f"the published {percent(published.accuracy)}"
    return _compare(winner, "published", name, (spread, interval), (terms, evidence))


def published_words(published: PublishedAccuracy) -> str:
    """Say what a published accuracy rests on, with its exact binomial interval."""
    own = of_one_network(published.accuracy, published.n)
    runs = "1 run, seed unknown" if published.runs == 1 else f"{published.runs} runs"
    return (
        f"{runs}, n = {published.n:,}, "
        f"its own 95 % interval {percent(own.low)} to {percent(own.high)}"
    )


def incomparable(published: PublishedAccuracy, data: str) -> str | None:
    """Return why test accuracies on this data cannot be held against a published one, or None."""
    if published.data == data and published.split == "test":
        return None
    return f"the published number is for {published.data} {published.split}, this is {data} test"


def cant_tell(
    winner: str, against: Against, reason: str, margin: float, size: tuple[int, int]
) -> Comparison:
    """Answer CAN'T TELL for a reason; `size` is seeds of each and n test images."""
    name = _NAMES.get(against, "the published number")
    sentence = f"CAN'T TELL whether {winner} is more accurate than {name} on test: {reason}."
    return Comparison(against, "CAN'T TELL", sentence, margin, *size, reason=reason)


def _interval_words(interval: Interval, terms: Terms) -> str:
    notes = [f"holds at all {terms.looks} planned looks"] if terms.looks > 1 else []
    if terms.opening > 1:
        others = f", {terms.elsewhere} of them by other studies" if terms.elsewhere else ""
        notes.append(f"widened for opening {terms.opening} of the test split{others}")
    note = f", {' and '.join(notes)}" if notes else ""
    return f"{_percent_of_level(interval.level)} interval {_range(interval)}{note}"


def _percent_of_level(level: float) -> str:
    """Show a level with as many decimals as keep it from being rounded to 100 %."""
    decimals = max(0, math.ceil(-math.log10(100 * (1 - level))))
    return f"{100 * level:.{decimals}f} %"


def _compare(
    winner: str,
    against: Against,
    name: str,
    found: tuple[Spread, Interval],
    stated: tuple[Terms, str],
) -> Comparison:
    (spread, interval), (terms, evidence) = found, stated
    answer = answer_of(interval, terms.margin)
    settled = answer != "CAN'T TELL"
    reason = None if settled else _undecided(interval, terms.margin)
    # More seeds or images would be another opening, which has its own, smaller error.
    next_level = level_of_opening(terms.opening + 1)
    return Comparison(
        against=against,
        answer=answer,
        sentence=f"{answer}: {_claim(winner, name, spread.mean, answer, terms.margin)} {evidence}.",
        margin=terms.margin,
        seeds=spread.seeds,
        n=spread.n,
        difference=spread.mean,
        interval=interval,
        reason=reason,
        settle=None if settled else what_settles(spread, terms.margin, next_level),
    )


def _claim(winner: str, name: str, difference: float, answer: Answer, margin: float) -> str:
    by = f" by more than the margin of {100 * margin:.2f} points" if margin else ""
    if answer == "BEATS":
        return f"{winner} is more accurate than {name}{by} on test, {points(difference)}"
    if answer == "DOES NOT BEAT":
        return f"{winner} is not more accurate than {name}{by} on test, {points(difference)}"
    chance = f"no more than the margin of {100 * margin:.2f} points" if margin else "chance"
    return f"{winner} is {points(difference)} from {name} on test, which may be {chance}"


def _undecided(interval: Interval, margin: float) -> str:
    line = f"the margin of {points(margin)}" if margin else "zero"
    return f"the interval {_range(interval)} includes {line}"


def _range(interval: Interval) -> str:
    return f"{points(interval.low).removesuffix(' points')} to {points(interval.high)}"
