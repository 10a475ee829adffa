"""What a design can detect, and what it would take to settle a difference."""

from collections.abc import Callable
from dataclasses import replace

from reports.statistics.crossed import Spread
from reports.statistics.intervals import root_of_parts

MOST_SEEDS = 1000
POWER = 0.8


def detectable(spread: Spread, level: float = 0.95, power: float = POWER) -> float:
    """Return the smallest true difference that is distinguished from zero with this power.

    sqrt((t_a + t_b)^2 Vs + (z_a + z_b)^2 Vi): quantiles for the error and for the power, for the
    seeds' and for the images' part of the variance (Julious 2004, "Sample sizes for clinical
    trials with Normal data", section 3; parts combined as in `intervals.half_width`).
    """
    return root_of_parts(spread, (0.5 + level / 2, power))


def with_seeds(spread: Spread, seeds: int) -> Spread:
    """Predict the spread with another number of seeds and the same variance components."""
    ratio = spread.seeds / seeds
    df = max(1.0, spread.df * (seeds - 1) / (spread.seeds - 1))
    return replace(
        spread,
        seeds=seeds,
        of_seeds=spread.of_seeds * ratio,
        df=df,
        sampling=spread.sampling * ratio,
    )


def with_images(spread: Spread, n: int) -> Spread:
    """Predict the spread with another number of test images."""
    units = spread.groups or spread.n
    sampling = min(spread.of_seeds, spread.residual / (spread.seeds * units))
    ratio = spread.n / n
    of_seeds = spread.of_seeds - sampling + sampling * ratio
    return replace(
        spread,
        n=n,
        of_seeds=of_seeds,
        of_images=spread.of_images * ratio,
        sampling=spread.sampling * ratio,
        edge=spread.edge * ratio * ratio,
        effective_n=spread.effective_n / ratio,
        groups=None if spread.groups is None else max(2, round(spread.groups / ratio)),
        images_df=max(1.0, (spread.images_df + 1) / ratio - 1),
        weighted_n=None if spread.weighted_n is None else spread.weighted_n / ratio,
    )


def seeds_to_detect(spread: Spread, gain: float, level: float = 0.95) -> int | None:
    """Return the fewest seeds each that detect a gain with power 0.8; None where none will do.

    Bisection over 2 to MOST_SEEDS: more seeds never detect less.
    """
    if gain <= 0 or detectable(with_seeds(spread, MOST_SEEDS), level) > gain:
        return None
    return _first(2, MOST_SEEDS, lambda k: detectable(with_seeds(spread, k), level) <= gain)


def images_to_detect(spread: Spread, gain: float, level: float = 0.95) -> int | None:
    """Return the fewest test images that tell a gain with these seeds; None where none will do."""
    most = spread.n * 1000
    if gain <= 0 or detectable(with_images(spread, most), level) > gain:
        return None
    return _first(2, most, lambda n: detectable(with_images(spread, n), level) <= gain)


def times_to_detect(spread: Spread, gain: float, level: float = 0.95) -> int | None:
    """Return how many times the seeds and also the images tell a gain; None beyond 1,000 times."""

    def holds(times: int) -> bool:
        more = with_images(with_seeds(spread, spread.seeds * times), spread.n * times)
        return detectable(more, level) <= gain

    return _first(1, 1000, holds) if gain > 0 and holds(1000) else None


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest number from low to high for which `holds`, which holds for high."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
