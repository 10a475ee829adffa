"""On what terms an answer is given: its margin, measure, opening, and what is known beside it."""

from dataclasses import dataclass

from reports.numbers import InputsWord
from reports.opening import Uncounted
from reports.statistics.spending import level_of_opening
from search_spaces.measures import MeasureName


@dataclass(frozen=True)
class Earlier:
    """How many of a config's trainings in search and race failed or collapsed."""

    count: int
    collapsed: int


@dataclass(frozen=True)
class Terms:
    """On what terms an answer is given.

    `margin` is the smallest gain that matters, of the study's `measure` (a fraction where that is
    the accuracy). `opening` counts the openings of this test split, this one included and
    `elsewhere` of them by other studies; `uncounted` says why the user's own ledger may hold more.
    Each has an error of its own, and all of them together spend at most 0.05 (`error_of_opening`):
    what was answered at an earlier, larger error stays answered. At one of `looks` planned looks,
    `look_level` is the level of that look's interval. `leaked_n` test images are also training
    images and `nearly_leaked_n` nearly one: an answer that they could make by themselves is none.
    `inputs` is what they are called. `chance` is what the most frequent class alone gets, and
    `earlier` how the winner's trainings before the final ended.
    """

    margin: float = 0.0
    measure: MeasureName = "accuracy"
    inputs: InputsWord = "images"
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
