"""Options as fields: a dataclass owns an option's default and its help, and nobody repeats them."""

from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

_KEY = "option"


@dataclass(frozen=True)
class Option:
    """What a field says of its option: default, help, and if a resumed run may change it."""

    default: Any
    help: str
    may_change: bool


def option(
    default: Any, text: str = "", *, may_change: bool = False, required: bool = False
) -> Any:
    """Return a dataclass field that is an option.

    A required field must be given when the dataclass is made: its default is for who asks. The
    return type is Any for the same reason as that of `dataclasses.field`.
    """
    metadata = {_KEY: Option(default, text, may_change)}
    return field(metadata=metadata) if required else field(default=default, metadata=metadata)


# Options that a dataclass is always made with; a resumed run may change the second kind alone.
fixed = partial(option, required=True)
changeable = partial(option, required=True, may_change=True)


def options_of(owner: type) -> dict[str, Option]:
    """Return the options of a dataclass by name, in the order of its fields."""
    return {one.name: one.metadata[_KEY] for one in fields(owner) if _KEY in one.metadata}
