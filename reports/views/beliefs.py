"""How the beliefs of a search space did: trials where the best was believed, and the others."""

import importlib
import math
from dataclasses import dataclass
from statistics import median
from typing import Literal

from reports.measure_words import value_words
from reports.numbers import plural
from reports.record import StudyRecord
from reports.trials import best_score
from search_spaces.beliefs import belief_text, is_believed
from search_spaces.measures import MEASURES, MeasureName

Grade = Literal["held", "did not hold", "is open"]

ENDED = ("complete", "pruned", "failed")
# With fewer trials on either side the belief stays open.
ENOUGH = 3
# The two-sided error of a Mann-Whitney test at which a difference counts.
ERROR = 0.05


@dataclass(frozen=True)
class GradedBelief:
    """One belief: the values believed, and the scores of the trials on either side.

    Of scores more is better; those of trials that reached nothing are minus infinity.
    """

    name: str
    believed: str
    there: tuple[float, ...]
    elsewhere: tuple[float, ...]
    measure: MeasureName = "accuracy"

    @property
    def grade(self) -> Grade:
        """Tell whether trials where the best was believed rank above the others."""
        if min(len(self.there), len(self.elsewhere)) < ENOUGH:
            return "is open"
        # By name: scipy.stats takes a second of a processor, and only beliefs need it.
        found = importlib.import_module("scipy.stats").mannwhitneyu(self.there, self.elsewhere)
        if not found.pvalue < ERROR:
            return "is open"
        half = len(self.there) * len(self.elsewhere) / 2
        return "held" if found.statistic > half else "did not hold"

    @property
    def sentence(self) -> str:
        """Return the belief, its grade and what it rests on."""
        sides = [
            f"{plural(len(side), 'trial')} {where}"
            + (f" (median {self._value(median(side))} on validation)" if side else "")
            for side, where in ((self.there, "there"), (self.elsewhere, "elsewhere"))
        ]
        begin = f"Believed: {self.name} at its best at {self.believed}."
        if self.grade == "is open":
            return f"{begin} Whether that holds is open with {' and '.join(sides)}."
        return f"{begin} That {self.grade}: {', '.join(sides)}."

    def _value(self, score: float) -> str:
        own = None if math.isinf(score) else MEASURES[self.measure].oriented(score)
        return value_words(self.measure, own)


def graded_beliefs(record: StudyRecord) -> tuple[GradedBelief, ...]:
    """Return each belief of the study's space; the baseline counts for neither side.

    Trials that were pruned count with what they had reached, failed ones with nothing.
    """
    domains = {one.name: one.domain for one in record.space.parameters}
    trials = [
        trial for trial in record.trials if trial.origin != "baseline" and trial.state in ENDED
    ]
    graded = []
    for name, belief in record.space.beliefs.items():
        sides: dict[bool, list[float]] = {True: [], False: []}
        for trial in trials:
            if name in trial.params:
                side = is_believed(domains[name], belief, trial.params[name])
                sides[side].append(best_score(record.measure, trial))
        text = belief_text(domains[name], belief)
        both = (tuple(sides[True]), tuple(sides[False]))
        graded.append(GradedBelief(name, text, *both, record.measure))
    return tuple(graded)
