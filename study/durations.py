"""Durations as people write them: 90s, 30m, 1.5h, 2d."""

import re

from search_spaces.faults import fault

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(text: str, where: str) -> float:
    """Return seconds, more than 0; raises FaultError for anything else."""
    found = _DURATION.fullmatch(text.strip().lower())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0.0 < seconds < 1e9:
        raise fault(where, "not a duration", repr(text), "more than 0, such as 90s, 30m, 1.5h, 2d")
    return seconds


def show_duration(seconds: float) -> str:
    """Return seconds as people read them: 7 s, 3 min 20 s, 2 h 05 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
