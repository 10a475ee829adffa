"""Whether the forecast number of seeds settles a question with the probability that it names."""

from dataclasses import dataclass

import numpy as np
from parts.simulated_networks import World, accuracies_of

from reports.statistics.crossed import mean_difference
from reports.statistics.intervals import of_difference
from reports.statistics.power import POWER, seeds_to_detect
from reports.statistics.spending import level_of_opening

_WORLD = World("", 10_000, 0.06, 0.018, 2.5, 0.7, 0.2)
_GAIN, _FIRST, _MOST = 0.0018, 5, 50
# A forecast rests on variances that were estimated from few seeds, so it is not exact.
_LEAST = 0.7
# What counts as the difference seen: within this share of the true one.
_NEAR = 0.2


@dataclass(frozen=True)
class Forecast:
    """Of finals that could not tell: per cent that were settled by the seeds that were forecast."""

    asked: int
    settled: float


def forecasts(answers: int) -> tuple[Forecast, list[str]]:
    """Open a second time with the seeds that were forecast, and count what they settle.

    The forecast is made from a first final of five seeds, for the level of the second opening. It
    is about a true difference as large as the one seen: finals that saw one within a fifth of the
    true one are asked.
    """
    rng = np.random.default_rng(11)
    asked = settled = 0
    errors = [_WORLD.error - _GAIN, _WORLD.error]
    for _ in range(answers):
        winner, baseline = accuracies_of(_WORLD, rng, errors, _MOST)
        spread = mean_difference(winner[:_FIRST], baseline[:_FIRST])
        seeds = seeds_to_detect(spread, abs(spread.mean), level_of_opening(2))
        open_still = of_difference(spread, level_of_opening(1)).low <= 0
        is_near = abs(spread.mean - _GAIN) <= _NEAR * _GAIN
        if not (open_still and is_near) or seeds is None or not _FIRST < seeds <= _MOST:
            continue
        again = mean_difference(winner[:seeds], baseline[:seeds])
        asked += 1
        settled += of_difference(again, level_of_opening(2)).low > 0
    share = settled / max(1, asked)
    print(
        f"forecasts of seeds for a power of {POWER}: {asked} questions, {100 * share:.1f} % settled"
    )
    noise = 2 * np.sqrt(0.2 * 0.8 / max(1, asked))
    broken = ["forecasts of seeds settle too few questions"] if share < _LEAST - noise else []
    return Forecast(asked, 100 * share), broken
