"""Show fewer of many, evenly and without losing what matters."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def thin(
    items: Sequence[Item], most: int, always: Callable[[Item], bool] = lambda _: False
) -> list[Item]:
    """Return about `most` items in order: all that must stay, and an even share of the rest.

    More than `most` come back only where more than that must stay.
    """
    if len(items) <= most:
        return list(items)
    must = {i for i, item in enumerate(items) if always(item)}
    rest = [i for i in range(len(items)) if i not in must]
    room = max(0, most - len(must))
    even = [rest[i * len(rest) // room] for i in range(room)] if room < len(rest) else rest
    return [items[i] for i in sorted({*must, *even})]
