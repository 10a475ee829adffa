"""How many trainings of a config collapsed, and how many of all its trainings could."""

from collections.abc import Sequence

from scipy import special


def collapsed(accuracies: Sequence[float], best: float, chance: float) -> int:
    """Count the trainings that learned next to nothing.

    Their accuracy is nearer to `chance`, what the most frequent class alone gets, than to the
    `best` accuracy of any training that they are held against (all fractions).
    """
    return sum(accuracy < (best + chance) / 2 for accuracy in accuracies)


def most_that_could(bad: int, trainings: int, level: float = 0.95) -> float:
    """Return the upper limit of the share of bad trainings after `bad` of so many were.

    One-sided, by Clopper and Pearson (1934): the share under which so few would be seen with
    probability 1 - `level`. After none of n it is 1 - (1 - level)^(1 / n).
    """
    if bad >= trainings:
        return 1.0
    return float(special.betaincinv(bad + 1, trainings - bad, level))
