"""The one reader of JSON text that comes from outside."""

import json
import re
from collections.abc import Iterator
from typing import Any

from search_spaces.faults import cut, fault

# A text has a lone surrogate only by such an escape.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST = 200


def read_json(text: str | bytes, where: str, *, any_signs: bool = False) -> Any:
    """Return the values of a JSON text; raises FaultError, which begins with `where`.

    Refused are what is no JSON in UTF-8, too deep a nesting, a number of too many digits and text
    with a lone surrogate, which nothing can write, unless `any_signs` are allowed.
    """
    try:
        written = text if isinstance(text, str) else text.decode("utf-8-sig")
        values = json.loads(written)
    except RecursionError as error:
        raise fault(where, "is not JSON that can be read: nested too deeply") from error
    except ValueError as error:  # also Python's limit on the digits of a number, and no UTF-8
        raise fault(where, f"is not JSON: {cut(str(error), _LONGEST)}") from error
    if not any_signs and _SURROGATE.search(written):
        for one in _texts(values):
            if not one.isprintable() and not is_text(one):
                raise fault(where, "text with half a character, a lone surrogate", repr(one))
    return values


def is_text(value: str) -> bool:
    """Tell whether a text can be written as UTF-8: whether it has no lone surrogate."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _texts(values: Any) -> Iterator[str]:
    """Yield every text of a JSON value, keys too; no nesting is too deep for it."""
    left = [values]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            left += value
