"""Beliefs of a space: where its writer thinks that the best value of a parameter lies."""

from search_spaces.parameters import Scalar
from search_spaces.space import Belief, ChoiceDomain, Domain, FloatDomain, IntDomain

# In a range's own size; what rounding may do to its ends.
_TOLERANCE = 1e-9


def believed_range(domain: IntDomain | FloatDomain, belief: Belief) -> tuple[float, float]:
    """Return the lowest and highest value that is believed, never past the domain's own ends.

    On a log scale they are about / within and about * within, else about - within and about +
    within.
    """
    about, within = float(belief.about), float(belief.within or 0.0)
    low, high = (about / within, about * within) if domain.log else (about - within, about + within)
    return max(low, domain.low), min(high, domain.high)


def is_believed(domain: Domain, belief: Belief, value: Scalar) -> bool:
    """Tell whether a value lies where the best one is believed to lie."""
    if isinstance(domain, ChoiceDomain):
        return value == belief.about and isinstance(value, bool) == isinstance(belief.about, bool)
    low, high = believed_range(domain, belief)
    slack = _TOLERANCE * max(abs(low), abs(high))
    return low - slack <= float(value) <= high + slack


def belief_text(domain: Domain, belief: Belief) -> str:
    """Say in words which values are believed."""
    if isinstance(domain, ChoiceDomain):
        return str(belief.about).lower() if isinstance(belief.about, bool) else str(belief.about)
    low, high = believed_range(domain, belief)
    return f"{low:.4g} to {high:.4g}"
