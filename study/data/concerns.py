"""What is odd about a data set and matters for every accuracy measured with it."""

from dataclasses import dataclass

from reports.record import DataWarning


@dataclass(frozen=True)
class Concerns:
    """What matters for every accuracy measured with a data set.

    `leaked_n` counts the test images that are also training images.
    """

    warnings: tuple[DataWarning, ...] = ()
    leaked_n: int = 0
