"""Fields of stored values that stand in no file where they are None."""

from collections.abc import Mapping
from dataclasses import Field
from types import MappingProxyType
from typing import Any

# The metadata of such a field: so what an edition before wrote, and what needs no such field, stays
# as it is byte for byte.
_KEY = "unsaid where None"
UNSAID: Mapping[str, bool] = MappingProxyType({_KEY: True})


def is_unsaid(one: Field[Any], value: Any) -> bool:
    """Tell whether a field of this value stands in no file."""
    return value is None and _KEY in one.metadata
