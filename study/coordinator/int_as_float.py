"""Whole numbers of a wide range as real ones: what a sampler models, and how it is rounded.

Optuna's TPE integrates every kernel over every whole number's own unit: with 1,000 trials that
took 150 ms a suggestion, against 20 ms where the range is treated as continuous.
"""

from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution

# From so many values on, rounding moves a value by less than the sampler's own precision.
WIDE = 32


def modelled(domain: BaseDistribution) -> BaseDistribution:
    """Return the distribution that the sampler is asked with."""
    if isinstance(domain, IntDistribution) and _is_wide(domain):
        # Half a step on either side gives the first and the last value their full share.
        half = domain.step / 2
        return FloatDistribution(domain.low - half, domain.high + half, log=domain.log)
    return domain


def rounded(domain: IntDistribution, value: float) -> int:
    """Return the value of the domain that is nearest to a sampled real number."""
    steps = round((value - domain.low) / domain.step)
    return domain.low + domain.step * min(max(steps, 0), (domain.high - domain.low) // domain.step)


def is_modelled(domain: BaseDistribution) -> bool:
    """Tell whether a domain is asked for as real numbers and rounded."""
    return isinstance(domain, IntDistribution) and _is_wide(domain)


def _is_wide(domain: IntDistribution) -> bool:
    return (domain.high - domain.low) // domain.step >= WIDE
