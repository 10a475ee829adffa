"""Kinds of parameters, each with a default, its limits and its meaning, as a dataclass's field."""

from dataclasses import Field, dataclass, field
from typing import Any, get_args


@dataclass(frozen=True)
class IntParameter:
    """Allow whole numbers from low to high, both included."""

    default: int
    low: int
    high: int
    about: str


@dataclass(frozen=True)
class FloatParameter:
    """Allow finite numbers from low to high, both included.

    `switches` names the part of a training that is left out where all that switch it are 0. One
    that is `of_tables` prepares the columns of a table; images have no use for it.
    """

    default: float
    low: float
    high: float
    about: str
    switches: str = ""
    of_tables: bool = False


@dataclass(frozen=True)
class ChoiceParameter:
    """Allow one of a list of words, or true and false.

    One that is `of_tables` prepares the columns of a table; images have no use for it.
    """

    default: str | bool
    options: tuple[str | bool, ...]
    about: str
    of_tables: bool = False


Parameter = IntParameter | FloatParameter | ChoiceParameter

_KEY = "parameter"


def whole(default: int, low: int, high: int, about: str) -> Any:
    """Return the field of a whole number, as `dataclasses.field` does."""
    return field(default=default, metadata={_KEY: IntParameter(default, low, high, about)})


def number(
    default: float,
    low: float,
    high: float,
    about: str,
    *,
    switches: str = "",
    of_tables: bool = False,
) -> Any:
    """Return the field of a number."""
    parameter = FloatParameter(default, low, high, about, switches, of_tables)
    return field(default=default, metadata={_KEY: parameter})


def word(default: str, words: Any, about: str, *, of_tables: bool = False) -> Any:
    """Return the field of a word; a Literal holds those it may be."""
    parameter = ChoiceParameter(default, get_args(words), about, of_tables)
    return field(default=default, metadata={_KEY: parameter})


def flag(default: bool, about: str) -> Any:
    """Return the field of a flag."""
    return field(default=default, metadata={_KEY: ChoiceParameter(default, (False, True), about)})


def parameter_of(one: Field[Any]) -> Parameter:
    """Return what a field that was made here allows."""
    parameter: Parameter = one.metadata[_KEY]
    return parameter


def fits(parameter: Parameter, value: object) -> bool:
    """Tell whether a parameter may have a value; True is no 1."""
    match parameter:
        case ChoiceParameter(options=options):
            return any(value == option and type(value) is type(option) for option in options)
        case IntParameter(low=low, high=high):
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        case FloatParameter(low=low, high=high):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            # False for nan and the infinities too, and safe for whole numbers beyond every float
            return number and low <= value <= high  # type: ignore[operator]


def allowed_values(parameter: Parameter) -> str:
    """Say in words which values a parameter may take."""
    match parameter:
        case ChoiceParameter(options=options):
            return ", ".join(str(option).lower() for option in options)
        case IntParameter(low=low, high=high):
            return f"a whole number from {low} to {high}"
        case FloatParameter(low=low, high=high):
            return f"a number from {low:g} to {high:g}"
