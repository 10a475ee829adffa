"""A confirmation that has begun and has no answer yet."""

from dataclasses import dataclass

from reports.value_types import Count


@dataclass(frozen=True)
class Confirming:
    """How many trainings are done, and how many there are at most.

    `most` is None where changes are retrained one by one, which take as many as they need.
    `planned` says whether the study's run goes on with it; else `confirm` does.
    """

    done: Count
    most: Count | None
    planned: bool = True
