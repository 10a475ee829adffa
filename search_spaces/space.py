"""A search space as a frozen value: names to domains, conditions, fixed values, baseline."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from search_spaces.data_source import DataSource
from search_spaces.measures import MeasureName
from search_spaces.parameters import Params, Scalar
from search_spaces.unsaid import UNSAID


@dataclass(frozen=True)
class IntDomain:
    """Whole numbers from low to high (both included) by step, or on a log scale."""

    low: int
    high: int
    step: int = 1
    log: bool = False


@dataclass(frozen=True)
class FloatDomain:
    """Numbers from low to high (both included), by step where one is given, or on a log scale."""

    low: float
    high: float
    step: float | None = None
    log: bool = False


@dataclass(frozen=True)
class ChoiceDomain:
    """One of a few values."""

    values: tuple[Scalar, ...]


Domain = IntDomain | FloatDomain | ChoiceDomain


@dataclass(frozen=True)
class OneOf:
    """Hold where another parameter has one of these values."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Between:
    """Hold where another parameter lies from low to high, both included."""

    low: float
    high: float


Condition = OneOf | Between


@dataclass(frozen=True)
class SearchedParameter:
    """One searched parameter; it is asked for only where all its conditions hold."""

    name: str
    domain: Domain
    when: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True)
class Belief:
    """Where a parameter's best value is believed to lie: about this one, within so much of it.

    `within` is a factor where the domain has a log scale, else a distance; None for a choice.
    """

    about: Scalar
    within: float | None = None


@dataclass(frozen=True)
class PublishedNumber:
    """A number somebody published: an accuracy (a fraction), on n images of a split, over runs.

    Where it is of another `measure`, it is that one's `value` and no accuracy. What is empty or 0
    was not said. Without `data` it is for the data that the space names.
    """

    accuracy: float | None
    data: str = ""
    split: str = "test"
    n: int = 0
    runs: int = 0
    source: str = ""
    measure: MeasureName | None = field(default=None, metadata=UNSAID)
    value: float | None = field(default=None, metadata=UNSAID)

    @property
    def is_of(self) -> MeasureName:
        """Return the measure that was published."""
        return self.measure or "accuracy"

    @property
    def number(self) -> float:
        """Return what was published."""
        number = self.accuracy if self.value is None else self.value
        return math.nan if number is None else number


@dataclass(frozen=True)
class Baseline:
    """What every trial is compared with: its own params and what was published for them."""

    params: Params
    published: PublishedNumber | None = None


# What is trained: our dense network, or what a user's own function builds.
Network = Literal["dense", "own"]


@dataclass(frozen=True)
class Space:
    """Everything a search may try; what is neither searched nor fixed has the vocabulary's default.

    `parameters` are in an order in which each stands after those its conditions name. Those of a
    user's own `network` have any names and no defaults: its baseline has a value for each. `data`
    is the data set that a file of one study names beside them. `beliefs` are about searched
    parameters.
    """

    name: str
    about: str
    parameters: tuple[SearchedParameter, ...]
    fixed: Params
    baseline: Baseline
    network: Network = "dense"
    data: DataSource | None = None
    beliefs: Mapping[str, Belief] = field(default_factory=dict)
