"""When a search ends before its total of trials: the words of `--stop-when`."""

import re
from dataclasses import dataclass
from typing import Annotated

from reports.stopped import NEVER
from search_spaces.faults import fault, perhaps_meant

DONE = "done"
_NO_PROGRESS = "no-progress"
# A number of trials as it may stand in the plan.
_RULE = re.compile(rf"{_NO_PROGRESS}:([1-9][0-9]{{0,7}})", re.ASCII)
# What the option's help says.
RULES = (
    "End the search early: no-progress:N when N trials bring no better one, done when more trials "
    "could not bring what can be detected."
)
ALLOWED = f"{_NO_PROGRESS}:N (no better trial for N trials), {DONE}, {NEVER}"


@dataclass(frozen=True)
class IsStopWhen:
    """Allow the rules that end a search."""

    words: str = ALLOWED

    def holds(self, text: str) -> bool:
        """Tell whether a text is a rule."""
        return text in (NEVER, DONE) or _RULE.fullmatch(text) is not None


StopWhen = Annotated[str, IsStopWhen()]


def check_stop_when(text: str, where: str) -> str:
    """Return a rule as it is; raises FaultError where it is none."""
    if IsStopWhen().holds(text):
        return text
    word, words = text.partition(":")[0], (NEVER, DONE, _NO_PROGRESS)
    meant = "" if word in words else perhaps_meant(word, words)
    raise fault(where, f"no such rule{meant}", repr(text), ALLOWED)


def patience_of(rule: str) -> int | None:
    """Return for how many trials without a better one a search goes on; None for other rules."""
    found = _RULE.fullmatch(rule)
    return int(found[1]) if found else None
