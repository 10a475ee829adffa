"""Types of a record's values with their limits, which the reader of JSON holds them to."""

from collections.abc import Mapping
from dataclasses import Field, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Protocol

from search_spaces.json_text import is_text

# TOML, JSON and every database hold such a number whole.
LARGEST = 2**53


class Limit(Protocol):
    """What a value must be beside its type; `words` says it."""

    @property
    def words(self) -> str:
        """Return what is allowed."""

    def holds(self, value: Any) -> bool:
        """Tell whether a value of the right type is allowed."""


@dataclass(frozen=True)
class Within:
    """Allow numbers from low to high, both included; nan and the infinities are not."""

    low: float
    high: float

    @property
    def words(self) -> str:
        """Return what is allowed."""
        return f"a number from {self.low:.16g} to {self.high:.16g}"

    def holds(self, value: Any) -> bool:
        """Tell whether a number is allowed."""
        return bool(self.low <= value <= self.high)


@dataclass(frozen=True)
class IsTime:
    """Allow times in ISO 8601 between the years 1900 and 9000, so that one can count with them."""

    words: str = "a time such as 2026-01-31T12:00:00+00:00"

    def holds(self, value: Any) -> bool:
        """Tell whether a text is a time."""
        try:
            return 1900 <= datetime.fromisoformat(value).year <= 9000
        except ValueError:
            return False


@dataclass(frozen=True)
class IsText:
    """Allow what can be written as UTF-8; with `any_signs` also what some file names hold."""

    any_signs: bool = False
    words: str = "a text without lone surrogates"

    def holds(self, value: Any) -> bool:
        """Tell whether a text is allowed."""
        return self.any_signs or is_text(value)


Count = Annotated[int, Within(0, LARGEST)]
Fraction = Annotated[float, Within(0, 1)]
Difference = Annotated[float, Within(-1, 1)]
Seconds = Annotated[float, Within(0, 1e12)]
Time = Annotated[str, IsTime()]
# A measure's own value; no measure is below 0, and which values are better is the measure's.
Measured = Annotated[float, Within(0, 1e12)]
# A name or words that may come from a file's name.
Named = Annotated[str, IsText(any_signs=True)]

# The metadata of a field that stands in no file where it is None: so what an edition before wrote,
# and what needs no such field, stays as it is byte for byte.
_KEY = "unsaid where None"
UNSAID: Mapping[str, bool] = MappingProxyType({_KEY: True})


def is_unsaid(one: Field[Any], value: Any) -> bool:
    """Tell whether a field of this value stands in no file."""
    return value is None and _KEY in one.metadata
