"""How much error each opening of one test split may spend."""

ERROR = 0.05
_FIRST = 0.04


def error_of_opening(opening: int) -> float:
    """Return the error, both sides together, of the `opening`-th answer from one test split.

    0.04 for the first and 0.01 / (k (k - 1)) for the k-th: the terms of 1 / (k (k - 1)) =
    1 / (k - 1) - 1 / k cancel, so that any number of openings spends less than 0.05 in all, and by
    the union bound no more than that share of families of answers holds a false one. (0.05 / k, as
    in 0.1.0, has a sum without end.) Raises ValueError below the first.
    """
    if opening < 1:
        raise ValueError(f"openings are counted from 1, got {opening}")
    return _FIRST if opening == 1 else (ERROR - _FIRST) / (opening * (opening - 1))


def level_of_opening(opening: int) -> float:
    """Return the level of the `opening`-th answer's interval, 0.96 for the first."""
    return 1 - error_of_opening(opening)
