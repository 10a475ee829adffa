"""Numbers as people read and write them; a text never loses its unit."""

import re
from typing import Literal

from search_spaces.faults import fault
from search_spaces.parameters import Scalar

# What the inputs of a data set are called: those of a table are its rows.
InputsWord = Literal["images", "rows"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def percent(fraction: float | None, digits: int = 2) -> str:
    """Write a fraction as per cent."""
    return "–" if fraction is None else f"{100 * fraction:.{digits}f} %"


def points(difference: float | None) -> str:
    """Write a difference of two fractions in percentage points, with its sign."""
    return "–" if difference is None else f"{100 * difference:+.2f} points".replace("-", "−")


def count(number: int | None) -> str:
    """Write a whole number with thousands separated."""
    return "–" if number is None else f"{number:,}"


def size_words(
    n: int,
    groups: int | None = None,
    inputs: InputsWord = "images",
    weighted_n: float | None = None,
) -> str:
    """Write on how many inputs a mean rests, in how many groups they come, and their effective n.

    `weighted_n` is that of weighted rows, None where all count the same.
    """
    size = f"n = {n:,}" if groups is None else f"n = {n:,} {inputs}{in_groups(groups)}"
    return size + weighted_words(weighted_n)


def weighted_words(weighted_n: float | None) -> str:
    """Write what weighted rows are worth, to stand after n; "" where all count the same."""
    return "" if weighted_n is None else f", effective n = {weighted_n:,.0f}"


def in_groups(groups: int | None) -> str:
    """Write in how many groups images come, to stand after them; "" where each is by itself."""
    return "" if groups is None else f" in {plural(groups, 'group')}"


def duration(seconds: float | None) -> str:
    """Write seconds in the two largest units that matter."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def parse_duration(text: str, where: str) -> float:
    """Return the seconds of 90s, 30m, 1.5h or 2d, more than 0; raises FaultError otherwise."""
    found = _DURATION.fullmatch(text.strip().lower())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0.0 < seconds < 1e9:
        raise fault(where, "not a duration", repr(text), "more than 0, such as 90s, 30m, 1.5h, 2d")
    return seconds


def scalar(value: Scalar | None) -> str:
    """Write a parameter's value; numbers with four significant digits."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def plural(number: int, word: str, words: str | None = None) -> str:
    """Write a count with its word."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
