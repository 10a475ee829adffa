"""The intervals of accuracies and of differences: one method, wherever a number is shown."""

import math
from collections.abc import Sequence

from scipy import special

from reports.record import Interval
from reports.statistics.crossed import Spread
from reports.statistics.noise import sd_of_one_trial
from reports.trial_record import TrialRecord
from reports.trials import accuracy_of

# A mean over rows this little skewed is symmetric to rounding.
_NO_SKEW = 1e-6


def clopper_pearson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Return the exact interval of a probability (Clopper & Pearson 1934, Biometrika 26).

    Numbers that are not whole are taken as parameters of the beta distributions (Korn & Graubard
    1998, "Confidence intervals for proportions with small expected number of positive counts",
    Survey Methodology 24).
    """
    tail = (1 - level) / 2
    # Sums of fractions may miss 0 and n by a rounding error.
    failures = max(0.0, n - successes)
    low = float(special.betaincinv(successes, failures + 1, tail)) if successes > 0 else 0.0
    high = float(special.betainccinv(successes + 1, failures, tail)) if failures > 0 else 1.0
    return Interval(low, high, level)


def of_one_network(accuracy: float, n: float, level: float = 0.95) -> Interval:
    """Return the interval of one network's accuracy (fraction) on n images: Clopper & Pearson's.

    Of images in groups, n is the effective number of groups.
    """
    return clopper_pearson(accuracy * n, n, level)


def of_one_trial(trial: TrialRecord) -> tuple[float, float] | None:
    """Return the ends of the 95 % interval of a complete trial's value; None without images.

    That of an accuracy is exact, that of another measure is normal.
    """
    if not trial.n:
        return None
    if trial.value is None:
        own = of_one_network(accuracy_of(trial), trial.n)
        return own.low, own.high
    half = float(special.ndtri(0.975)) * sd_of_one_trial(trial)
    return trial.value - half, trial.value + half


def of_accuracy(spread: Spread, level: float = 0.95) -> Interval:
    """Return the interval of a mean accuracy over seeds and images, within 0 to 1.

    Limits for seeds (t) and for images (Clopper & Pearson on the effective number of images) are
    combined by the root of their sum of squares, each limit by itself (Howe 1974, "Approximate
    confidence limits on the mean of X + Y", JASA 69; unequal limits as in Zou & Donner 2008,
    "Construction of confidence limits about effect measures", Statistics in Medicine 27).
    """
    mean = spread.mean
    images = clopper_pearson(mean * spread.effective_n, spread.effective_n, level)
    upper = 0.5 + level / 2
    z = float(special.ndtri(upper))
    seeds = seeds_part(spread, _t(spread.df, upper), z)
    wider = _of_images(spread, upper) / z
    low = mean - math.sqrt(seeds + (wider * (mean - images.low)) ** 2)
    high = mean + math.sqrt(seeds + (wider * (images.high - mean)) ** 2)
    return Interval(max(0.0, low), min(1.0, high), level)


def of_values(spread: Spread, level: float = 0.95) -> Interval:
    """Return the interval of a mean that is no accuracy, within its bounds.

    Of the means of classes, each class has Clopper & Pearson's limits, and these are combined as in
    `of_accuracy`; else it is that of a difference.
    """
    if not spread.strata:
        return of_difference(spread, level)
    upper = 0.5 + level / 2
    seeds = seeds_part(spread, _t(spread.df, upper), float(special.ndtri(upper)))
    low = high = 0.0
    for stratum in spread.strata:
        own = clopper_pearson(stratum.mean * stratum.effective_n, stratum.effective_n, level)
        low += (stratum.mean - own.low) ** 2
        high += (own.high - stratum.mean) ** 2
    classes = len(spread.strata) ** 2
    halves = math.sqrt(seeds + low / classes), math.sqrt(seeds + high / classes)
    return _within(spread, halves, level)


def of_difference(spread: Spread, level: float = 0.95) -> Interval:
    """Return the interval of a difference of means, within its bounds.

    It is symmetric, unless the mean over rows is skewed: then it is longer on the side of the long
    tail.
    """
    half, longer = half_width(spread, level), _longer_half(spread, level)
    return _within(spread, (longer, half) if spread.skew < 0 else (half, longer), level)


def _within(spread: Spread, halves: tuple[float, float], level: float) -> Interval:
    least, most = spread.bounds
    return Interval(max(least, spread.mean - halves[0]), min(most, spread.mean + halves[1]), level)


def half_width(spread: Spread, level: float) -> float:
    """Return half the width of a difference's interval: sqrt(t^2 V_seeds + z^2 V_images).

    t^2 V_seeds is at least z^2 times what sampling of images alone makes of the seeds' part. Where
    images come in groups, t of their degrees of freedom stands in place of z beside V_images.
    """
    return root_of_parts(spread, (0.5 + level / 2,))


def _longer_half(spread: Spread, level: float) -> float:
    """Return the half width on the side of the long tail.

    The mean of few rows of a skewed distribution is least certain there: a t statistic has the
    quantile that the inverse of Hall's transformation gives it, where that is the greater one (Hall
    1992, "On the removal of skewness by transformation", JRSS B 54, with the cubic term).
    """
    skew, upper = abs(spread.skew), 0.5 + level / 2
    if skew < _NO_SKEW:
        return half_width(spread, level)
    t, z = _t(spread.df, upper), float(special.ndtri(upper))
    of_images = _of_images(spread, upper)
    root = float(special.cbrt(1 - skew * (of_images + skew / 6)))
    longer = max(of_images, 3 * (1 - root) / skew)
    return math.sqrt(seeds_part(spread, t, z) + longer * longer * spread.images)


def root_of_parts(spread: Spread, probabilities: Sequence[float]) -> float:
    """Combine the standard errors of seeds and images by the root of their squares (Howe 1974).

    Each part is taken times its own quantile, or the sum of its quantiles, of these probabilities.
    """
    t = sum(_t(spread.df, one) for one in probabilities)
    z = sum(float(special.ndtri(one)) for one in probabilities)
    of_images = sum(_of_images(spread, one) for one in probabilities)
    return math.sqrt(seeds_part(spread, t, z) + of_images * of_images * spread.images)


def seeds_part(spread: Spread, t: float, z: float) -> float:
    """Return the square of t standard errors of the seeds' part, and of z of its least one."""
    return max(t * t * spread.of_seeds, z * z * spread.sampling)


def _of_images(spread: Spread, probability: float) -> float:
    """Return the quantile of the images' part: Student's where it is known from few groups."""
    if math.isinf(spread.images_df):
        return float(special.ndtri(probability))
    return _t(spread.images_df, probability)


def _t(df: float, probability: float) -> float:
    return float(special.stdtrit(df, probability))
