"""The verdict: BEATS, DOES NOT BEAT or CAN'T TELL, in one sentence with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.measure_words import value_words
from reports.numbers import plural, size_words
from reports.opening import uncounted_words
from reports.record import Answer, Comparison, Interval, Trainings
from reports.statistics.collapse import collapsed, most_that_could
from reports.statistics.crossed import Spread
from reports.statistics.groups import Groups
from reports.statistics.intervals import of_difference
from reports.statistics.scores import Scores, mean_score, of_score, score_difference
from reports.statistics.settling import what_settles
from reports.statistics.spending import level_of_opening
from reports.terms import Terms
from reports.turned import turned
from reports.verdict_words import (
    NAMES,
    accuracies_words,
    against_words,
    better_words,
    claim,
    interval_words,
    leak_words,
    published_words,
    undecided,
)
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.space import PublishedNumber

Against = Literal["baseline", "published", "equal compute"]
Means = NDArray[np.float64]
_Trained = tuple[Trainings, ...]


@dataclass(frozen=True)
class _Question:
    against: Against
    spread: Spread
    interval: Interval
    evidence: str
    trainings: _Trained
    accuracies: tuple[float, ...]


def answer_of(interval: Interval, margin: float) -> Answer:
    """Return what an interval of a difference says about a margin."""
    if interval.low > margin:
        return "BEATS"
    if interval.high < margin:
        return "DOES NOT BEAT"
    return "CAN'T TELL"


def against_baseline(
    winner: str,
    sides: tuple[Scores, Scores],
    terms: Terms,
    against: Literal["baseline", "equal compute"] = "baseline",
    groups: Groups | None = None,
) -> Comparison:
    """Answer from the scores of winner and the other, each of (seeds, n) on the same images.

    `groups` says which images belong together (n,).
    """
    spread = score_difference(*sides, groups)
    values = (sides[0].value, sides[1].value)
    interval = replace(of_difference(spread, terms.width_level), level=terms.level)
    words = interval_words(interval, terms.margin, _interval_notes(terms), terms.measure)
    evidence = f"{against_words(values, spread, terms.measure, terms.inputs)}, {words}"
    other = against if against == "baseline" else NAMES[against].removeprefix("the ")
    trained = _trainings((winner, other), sides, terms.chance)
    question = _Question(against, spread, interval, evidence, trained, _accuracies(*sides))
    return _answered(winner, NAMES[against], question, terms)


def against_published(
    winner: str,
    own: Scores,
    published: PublishedNumber,
    data: str,
    terms: Terms,
    groups: Groups | None = None,
) -> Comparison:
    """Answer against a published number, taken as a constant, from scores of (seeds, n).

    `groups` says which images belong together (n,).
    """
    seeds, n = own.shape
    other = incomparable(published, data, terms.measure)
    if other is not None:
        return cant_tell(winner, "published", other, terms, (seeds, n))
    spread = mean_score(own, groups)
    limits = of_score(own.measure, spread, terms.width_level)
    constant = own.measure.oriented(published.number)
    interval = Interval(limits.low - constant, limits.high - constant, terms.level)
    spread = replace(spread, mean=spread.mean - constant)
    words = interval_words(interval, terms.margin, _interval_notes(terms), terms.measure)
    of = "" if terms.measure == "accuracy" else f"{own.measure.title} "
    size = size_words(n, spread.groups, terms.inputs, spread.weighted_n)
    evidence = (
        f"{of}{value_words(terms.measure, own.value)} on test, {size}, "
        f"{plural(seeds, 'seed')}, difference with {words}; published: {published_words(published)}"
    )
    trained = _trainings((winner,), (own,), terms.chance)
    question = _Question("published", spread, interval, evidence, trained, _accuracies(own))
    name = f"the published {value_words(terms.measure, published.number)}"
    return _answered(winner, name, question, terms)


def incomparable(published: PublishedNumber, data: str, measure: MeasureName) -> str | None:
    """Return why what was reached on this data cannot be held against a published number."""
    if published.is_of != measure:
        is_of, this = MEASURES[published.is_of].title, MEASURES[measure].title
        return f"the published number is of {is_of}, and this study answers on {this}"
    if published.data == data and published.split == "test":
        return None
    return f"the published number is for {published.data} {published.split}, this is {data} test"


def cant_tell(
    winner: str, against: Against, reason: str, terms: Terms, size: tuple[int, int]
) -> Comparison:
    """Answer CAN'T TELL for a reason; `size` is seeds of each and n test images."""
    name = NAMES.get(against, "the published number")
    whether = better_words(winner, name, terms.measure)
    sentence = f"CAN'T TELL whether {whether} on test: {reason}."
    measure = _said(terms.measure)
    return Comparison(
        against, "CAN'T TELL", sentence, terms.margin, *size, reason=reason, measure=measure
    )


def _said(measure: MeasureName) -> MeasureName | None:
    """Return the measure as a comparison has it: None where it is the accuracy."""
    return None if measure == "accuracy" else measure


def _accuracies(*sides: Scores) -> tuple[float, ...]:
    return tuple(float(side.correct.mean()) for side in sides)


def _answered(winner: str, name: str, question: _Question, terms: Terms) -> Comparison:
    spread, interval, margin = question.spread, question.interval, terms.margin
    measure = terms.measure
    answer = answer_of(interval, margin)
    reason = undecided(interval, margin, measure) if answer == "CAN'T TELL" else None
    # More seeds or images would be another opening, which has its own, smaller error.
    following = level_of_opening(terms.opening + 1)
    settle = None
    if reason is not None:
        settle = what_settles(spread, margin, following, interval, measure, terms.inputs)
    if reason is None and _may_be_leaked(interval, spread, terms):
        answer = "CAN'T TELL"
        reason = f"{_leaks(spread.n, terms)}, which could make that difference"
        settle = f"a test split without training {terms.inputs}"
    said = claim(winner, name, spread.mean, answer, margin, measure)
    return Comparison(
        against=question.against,
        answer=answer,
        sentence=f"{answer}: {said} ({question.evidence}){_beside(question, terms)}.",
        margin=margin,
        seeds=spread.seeds,
        n=spread.n,
        difference=MEASURES[measure].oriented(spread.mean),
        interval=turned(interval, measure),
        reason=reason,
        settle=settle,
        trainings=question.trainings,
        groups=spread.groups,
        measure=_said(measure),
        accuracies=None if measure == "accuracy" else question.accuracies,
        weighted_n=spread.weighted_n,
    )


def _may_be_leaked(interval: Interval, spread: Spread, terms: Terms) -> bool:
    """Tell whether test images that were trained on could make the answer by themselves.

    Each could count as much as any was seen to count.
    """
    share = (terms.leaked_n + terms.nearly_leaked_n) / spread.n * spread.largest
    wide = Interval(interval.low - share, interval.high + share, interval.level)
    return answer_of(wide, terms.margin) != answer_of(interval, terms.margin)


def _leaks(n: int, terms: Terms) -> str:
    return leak_words(terms.leaked_n, terms.nearly_leaked_n, n, terms.inputs)


def _beside(question: _Question, terms: Terms) -> str:
    """Say in the sentence what a reader of the sentence alone must know."""
    n = question.spread.n
    parts = [] if terms.measure == "accuracy" else [accuracies_words(question.accuracies)]
    parts += [_leaks(n, terms)] if terms.leaked_n or terms.nearly_leaked_n else []
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


def _trainings(names: Sequence[str], sides: Sequence[Scores], chance: float) -> _Trained:
    means = [side.accuracies for side in sides]
    best = max(float(side.max()) for side in means)
    return tuple(
        _trainings_of(name, side, best, chance) for name, side in zip(names, means, strict=True)
    )


def _trainings_of(name: str, means: Means, best: float, chance: float) -> Trainings:
    bad, of = collapsed(means.tolist(), best, chance), len(means)
    middle, worst = float(np.median(means)), float(means.min())
    return Trainings(name, of, bad, most_that_could(bad, of), middle, worst)
