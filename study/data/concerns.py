"""What is odd about a data set and matters for every accuracy measured with it."""

from dataclasses import dataclass

from reports.data_record import DataWarning


@dataclass(frozen=True)
class Concerns:
    """What matters for every accuracy measured with a data set.

    `leaked_n` counts the test images that are also training images, `nearly_leaked_n` those that
    are nearly one. `test_groups` counts the groups of test images that belong together, None where
    each stands for itself, and `test_effective_n` is how many rows that count the same weighted
    ones are worth, None where all do.
    """

    warnings: tuple[DataWarning, ...] = ()
    leaked_n: int = 0
    nearly_leaked_n: int = 0
    test_groups: int | None = None
    test_effective_n: float | None = None
