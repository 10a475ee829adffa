"""Types of a record's values with their limits, which the reader of JSON holds them to."""

from dataclasses import dataclass
from datetime import datetime
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
Seconds = Annotated[float, Within(0, 1e12)]
Time = Annotated[str, IsTime()]
# A measure's own value; no measure is below 0, and which values are better is the measure's.
Measured = Annotated[float, Within(0, 1e12)]
# A difference of two values of a measure; of accuracies it is one of fractions.
Gap = Annotated[float, Within(-1e12, 1e12)]
# A name or words that may come from a file's name.
Named = Annotated[str, IsText(any_signs=True)]
