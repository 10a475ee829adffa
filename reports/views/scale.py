"""A searched parameter as an axis: where a value stands between its ends."""

import math
from dataclasses import dataclass

from reports.numbers import scalar
from search_spaces.parameters import Scalar
from search_spaces.space import ChoiceDomain, Domain, SearchedParameter


@dataclass(frozen=True)
class Scale:
    """A parameter's axis: log or linear from low to high, or one place for each choice."""

    name: str
    log: bool
    low: float
    high: float
    choices: tuple[Scalar, ...] = ()

    def place(self, value: Scalar) -> float | None:
        """Return where a value stands, 0 at the low end and 1 at the high end; None outside."""
        if self.choices:
            found = [i for i, choice in enumerate(self.choices) if _same(choice, value)]
            return (found[0] + 0.5) / len(self.choices) if found else None
        if isinstance(value, bool | str):
            return None
        return self._share(float(value))

    def _share(self, value: float) -> float | None:
        if self.log:
            if value <= 0:
                return None
            low, high, value = math.log(self.low), math.log(self.high), math.log(value)
        else:
            low, high = self.low, self.high
        share = 0.5 if high == low else (value - low) / (high - low)
        return share if -1e-9 <= share <= 1 + 1e-9 else None

    def value(self, place: float) -> float:
        """Return the number that stands at a place; only for numeric scales."""
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            return math.exp(low + place * (high - low))
        return self.low + place * (self.high - self.low)

    def ticks(self, most: int = 4) -> tuple[tuple[float, str], ...]:
        """Return a few places with their values in words."""
        if self.choices:
            total = len(self.choices)
            return tuple(((i + 0.5) / total, scalar(c)) for i, c in enumerate(self.choices))
        if self.high == self.low:
            return ((0.5, scalar(self.low)),)
        if self.log and (round_ones := log_ticks(self.low, self.high)):
            ticks = ((self._share(value), brief(value)) for value in round_ones)
            return tuple((place, text) for place, text in ticks if place is not None)
        places = [i / (most - 1) for i in range(most)]
        return tuple((place, brief(float(f"{self.value(place):.3g}"))) for place in places)


def scale_of(parameter: SearchedParameter) -> Scale:
    """Return the axis of a searched parameter."""
    domain: Domain = parameter.domain
    if isinstance(domain, ChoiceDomain):
        return Scale(parameter.name, False, 0.0, 1.0, domain.values)
    return Scale(parameter.name, domain.log, float(domain.low), float(domain.high))


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers for a log axis: ones, twos and fives, bare powers over three decades."""
    firsts = (1, 2, 5) if high / low <= 1000 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = (float(f"{first}e{power}") for power in powers for first in firsts)
    ticks = tuple(value for value in values if low * 0.999 <= value <= high * 1.001)
    # A short axis may hold no round number but one.
    return ticks if len(ticks) > 2 else (low, float(f"{math.sqrt(low * high):.2g}"), high)


def brief(value: float) -> str:
    """Write a tick's number in little room: 20k for 20,000."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if sign == 'k' else size):g}{sign}"
    return f"{value:g}"


def _same(one: Scalar, other: Scalar) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
