"""The verdict: BEATS, DOES NOT BEAT or CAN'T TELL, in one sentence with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.numbers import images, percent, plural
from reports.opening import Uncounted, uncounted_words
from reports.record import Answer, Comparison, Interval, Trainings
from reports.statistics.collapse import collapsed, most_that_could
from reports.statistics.crossed import Correct, Spread, mean_accuracy, mean_difference
from reports.statistics.groups import Groups
from reports.statistics.intervals import of_accuracy, of_difference
from reports.statistics.settling import what_settles
from reports.statistics.spending import level_of_opening
from reports.verdict_words import (
    NAMES,
    against_words,
    claim,
    interval_words,
    leak_words,
    published_words,
    undecided,
)
from search_spaces.space import PublishedAccuracy

Against = Literal["baseline", "published", "equal compute"]
Means = NDArray[np.float64]
_Trained = tuple[Trainings, ...]


@dataclass(frozen=True)
class Earlier:
    """How many of a config's trainings in search and race failed or collapsed."""

    count: int
    collapsed: int


@dataclass(frozen=True)
class Terms:
    """On what terms an answer is given.

    `margin` is the smallest gain that matters (fraction). `opening` counts the openings of this
    test split, this one included and `elsewhere` of them by other studies; `uncounted` says why the
    user's own ledger may hold more. Each has an error of its own, and all of them together spend at
    most 0.05 (`error_of_opening`): what was answered at an earlier, larger error stays answered. At
    one of `looks` planned looks, `look_level` is the level of that look's interval. `leaked_n` test
    images are also training images and `nearly_leaked_n` nearly one: an answer that they could make
    by themselves is none. `chance` is what the most frequent class alone gets, and `earlier` how
    the winner's trainings before the final ended.
    """

    margin: float = 0.0
    opening: int = 1
    looks: int = 1
    look_level: float | None = None
    elsewhere: int = 0
    uncounted: Uncounted | None = None
    leaked_n: int = 0
    nearly_leaked_n: int = 0
    chance: float = 0.0
    earlier: Earlier | None = None

    @property
    def level(self) -> float:
        """Return the level that the interval claims, over all looks of this opening."""
        return level_of_opening(self.opening)

    @property
    def width_level(self) -> float:
        """Return the level that sets the interval's width."""
        return self.level if self.look_level is None else self.look_level


@dataclass(frozen=True)
class _Question:
    against: Against
    spread: Spread
    interval: Interval
    evidence: str
    trainings: _Trained


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
    groups: Groups | None = None,
) -> Comparison:
    """Answer from who was correct: winner and the other, each (seeds, n) on the same images.

    `groups` says which images belong together (n,).
    """
    spread = mean_difference(*correct, groups)
    means = (float(correct[0].mean()), float(correct[1].mean()))
    interval = replace(of_difference(spread, terms.width_level), level=terms.level)
    words = interval_words(interval, terms.margin, _interval_notes(terms))
    evidence = f"{against_words(means, spread)}, {words}"
    other = against if against == "baseline" else NAMES[against].removeprefix("the ")
    trained = _trainings((winner, other), correct, terms.chance)
    question = _Question(against, spread, interval, evidence, trained)
    return _answered(winner, NAMES[against], question, terms)


def against_published(
    winner: str,
    correct: Correct,
    published: PublishedAccuracy,
    data: str,
    terms: Terms,
    groups: Groups | None = None,
) -> Comparison:
    """Answer against a published accuracy, taken as a constant, from who was correct (seeds, n).

    `groups` says which images belong together (n,).
    """
    seeds, n = correct.shape
    other = incomparable(published, data)
    if other is not None:
        return cant_tell(winner, "published", other, terms.margin, (seeds, n))
    spread = mean_accuracy(correct, groups)
    mean = spread.mean
    own = of_accuracy(spread, terms.width_level)
    low, high = (limit - published.accuracy for limit in (own.low, own.high))
    interval = Interval(low, high, terms.level)
    spread = replace(spread, mean=mean - published.accuracy)
    words = interval_words(interval, terms.margin, _interval_notes(terms))
    evidence = (
        f"{percent(mean)} on test, {images(n, spread.groups)}, {plural(seeds, 'seed')}, "
        f"difference with {words}; published: {published_words(published)}"
    )
    trained = _trainings((winner,), (correct,), terms.chance)
    question = _Question("published", spread, interval, evidence, trained)
    return _answered(winner, f"the published {percent(published.accuracy)}", question, terms)


def incomparable(published: PublishedAccuracy, data: str) -> str | None:
    """Return why test accuracies on this data cannot be held against a published one, or None."""
    if published.data == data and published.split == "test":
        return None
    return f"the published number is for {published.data} {published.split}, this is {data} test"


def cant_tell(
    winner: str, against: Against, reason: str, margin: float, size: tuple[int, int]
) -> Comparison:
    """Answer CAN'T TELL for a reason; `size` is seeds of each and n test images."""
    name = NAMES.get(against, "the published number")
    sentence = f"CAN'T TELL whether {winner} is more accurate than {name} on test: {reason}."
    return Comparison(against, "CAN'T TELL", sentence, margin, *size, reason=reason)


def _answered(winner: str, name: str, question: _Question, terms: Terms) -> Comparison:
    spread, interval, margin = question.spread, question.interval, terms.margin
    answer = answer_of(interval, margin)
    reason = undecided(interval, margin) if answer == "CAN'T TELL" else None
    # More seeds or images would be another opening, which has its own, smaller error.
    following = level_of_opening(terms.opening + 1)
    settle = what_settles(spread, margin, following, interval) if reason else None
    if reason is None and _may_be_leaked(interval, spread.n, terms):
        answer = "CAN'T TELL"
        reason = f"{_leaks(spread.n, terms)}, which could make that difference"
        settle = "a test split without training images"
    said = claim(winner, name, spread.mean, answer, margin)
    return Comparison(
        against=question.against,
        answer=answer,
        sentence=f"{answer}: {said} ({question.evidence}){_beside(spread.n, terms)}.",
        margin=margin,
        seeds=spread.seeds,
        n=spread.n,
        difference=spread.mean,
        interval=interval,
        reason=reason,
        settle=settle,
        trainings=question.trainings,
        groups=spread.groups,
    )


def _may_be_leaked(interval: Interval, n: int, terms: Terms) -> bool:
    """Tell whether test images that were trained on could make the answer by themselves."""
    share = (terms.leaked_n + terms.nearly_leaked_n) / n
    wide = Interval(interval.low - share, interval.high + share, interval.level)
    return answer_of(wide, terms.margin) != answer_of(interval, terms.margin)


def _leaks(n: int, terms: Terms) -> str:
    return leak_words(terms.leaked_n, terms.nearly_leaked_n, n)


def _beside(n: int, terms: Terms) -> str:
    """Say in the sentence what a reader of the sentence alone must know."""
    parts = [_leaks(n, terms)] if terms.leaked_n or terms.nearly_leaked_n else []
    if terms.earlier is not None and terms.earlier.collapsed:
        ended = f"{terms.earlier.collapsed} of {terms.earlier.count}"
        parts.append(f"in search and race {ended} of its trainings failed or collapsed")
    return "".join(f"; {part}" for part in parts)


def _interval_notes(terms: Terms) -> tuple[str, ...]:
    notes = [f"holds at all {terms.looks} planned looks"] if terms.looks > 1 else []
    if terms.opening > 1:
        others = f", {terms.elsewhere} of them by other studies" if terms.elsewhere else ""
        notes.append(f"widened for opening {terms.opening} of the test split{others}")
    if terms.uncounted:
        notes.append(uncounted_words(terms.uncounted))
    return tuple(notes)


def _trainings(names: Sequence[str], sides: Sequence[Correct], chance: float) -> _Trained:
    means = [side.mean(axis=1) for side in sides]
    best = max(float(side.max()) for side in means)
    return tuple(
        _trainings_of(name, side, best, chance) for name, side in zip(names, means, strict=True)
    )


def _trainings_of(name: str, means: Means, best: float, chance: float) -> Trainings:
    bad, of = collapsed(means.tolist(), best, chance), len(means)
    middle, worst = float(np.median(means)), float(means.min())
    return Trainings(name, of, bad, most_that_could(bad, of), middle, worst)
