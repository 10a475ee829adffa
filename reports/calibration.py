"""How sure a network's answers were, and how often they were right: the record of a calibration."""

from dataclasses import dataclass
from typing import Annotated

from reports.value_types import Count, Fraction, Gap, Measured, Within

Temperature = Annotated[float, Within(0.01, 100)]


@dataclass(frozen=True)
class ReliabilityPoint:
    """Answers of about the same confidence: `n` of them, their mean confidence, the share right.

    `low` and `high` are the ends of that share's 95 % interval (Clopper & Pearson 1934).
    """

    confidence: Fraction
    accuracy: Fraction
    low: Fraction
    high: Fraction
    n: Count


@dataclass(frozen=True)
class Reliability:
    """What probabilities are worth: log loss (nats), expected calibration error, its points.

    `by_chance` is the mean error that so many answers would show if every confidence were true.
    """

    log_loss: Measured
    error: Fraction
    by_chance: Fraction
    points: tuple[ReliabilityPoint, ...]


@dataclass(frozen=True)
class BeforeAndAfter:
    """The same n answers as the network gave them, and with the temperature.

    The temperature changes their log loss by `change` nats, less than 0 where it is better, with
    the ends of its 95 % interval.
    """

    n: Count
    before: Reliability
    after: Reliability
    change: Gap
    low: Gap
    high: Gap


@dataclass(frozen=True)
class Calibration:
    """The temperature of the winner's probabilities, and what it does.

    It is fitted on `validation`: the answers of `networks` trainings of the race, `wrong` of them,
    to rows that these had not seen. There the answers that an effect is measured on had no part in
    their own temperature (cross-fitted). `test` is of the network of the final's first seed, None
    where its probabilities were not kept.
    """

    temperature: Temperature
    networks: Count
    wrong: Count
    validation: BeforeAndAfter
    test: BeforeAndAfter | None = None

    @property
    def helps(self) -> bool:
        """Tell whether it lowers the log loss of answers that had no part in it, chance aside."""
        return self.validation.high < 0
