"""Begin a search where its space believes the best to lie; stop when that does no better."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.trial_record import TrialRecord
from reports.trials import best_score
from search_spaces.beliefs import believed_range
from search_spaces.measures import MeasureName
from search_spaces.parameters import Params, Scalar
from search_spaces.space import Belief, ChoiceDomain, Domain, IntDomain, Space
from study.engine.seeds import derive_seed

# Under this word a trial notes that it was drawn from what is believed.
BELIEVING = "believing"
# One trial in so many is suggested as if nothing were believed, to hold the others against it.
FREE = 3
# How many trials begin a search: about as many as TPE draws at random.
BEGINNING = 10
# Beliefs are judged once so many trials of both kinds have ended.
ENOUGH = 3


class Believing:
    """Say which params a trial is given by the space's beliefs.

    Of the first trials two in three are drawn from what is believed; of later ones a share that
    falls as 1 / k with their place k, since the sampler has learned by then. Where trials drawn so
    rank no better than the others, none is drawn so.
    """

    def __init__(self, space: Space, seed: int, measure: MeasureName = "accuracy") -> None:
        self._beliefs = [
            (one.name, one.domain, space.beliefs[one.name])
            for one in space.parameters
            if one.name in space.beliefs
        ]
        self._seed, self._measure = seed, measure
        self._drawn: set[int] = set()
        self._scores: dict[int, float] = {}

    def restore(self, order: int, notes: Mapping[str, Any]) -> None:
        """Take in how the trial at this place was suggested."""
        if notes.get(BELIEVING):
            self._drawn.add(order)

    def end(self, order: int, record: TrialRecord) -> None:
        """Take in how a trial ended that the sampler sees too; trial 0 is the baseline."""
        if self._beliefs and order > 0:
            self._scores[order] = best_score(self._measure, record)

    def given(self, order: int) -> Params:
        """Return values for the believed parameters of the trial at this place; often none."""
        if not self._beliefs or order % FREE == 0:
            return {}
        rng = np.random.default_rng(derive_seed(self._seed, BELIEVING, order))
        if rng.random() >= BEGINNING / order or not self._holds():
            return {}
        return {name: _drawn(domain, belief, rng) for name, domain, belief in self._beliefs}

    def _holds(self) -> bool:
        """Tell whether trials drawn from what is believed rank better than the others so far."""
        orders = sorted(self._scores)
        is_drawn = np.array([order in self._drawn for order in orders], dtype=bool)
        if min(is_drawn.sum(), (~is_drawn).sum()) < ENOUGH:
            return True
        ranks = _mid_ranks(np.array([self._scores[order] for order in orders]))
        return bool(ranks[is_drawn].mean() > ranks[~is_drawn].mean())


def _mid_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each score (n,) from 0, equal ones the mean of theirs."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts + 1) / 2)[place]
    return ranks


def _drawn(domain: Domain, belief: Belief, rng: np.random.Generator) -> Scalar:
    if isinstance(domain, ChoiceDomain):
        return belief.about
    low, high = believed_range(domain, belief)
    if domain.log:
        value = math.exp(rng.uniform(math.log(low), math.log(high)))
        return round(value) if isinstance(domain, IntDomain) else min(max(value, low), high)
    if domain.step is None:
        return float(rng.uniform(low, high))
    first = math.ceil((low - domain.low) / domain.step - 1e-8)
    last = math.floor((high - domain.low) / domain.step + 1e-8)
    return domain.low + domain.step * int(rng.integers(first, last, endpoint=True))
