"""What a study would cost, what it could detect, and its luck: numbers from probe trials."""

import math
from dataclasses import dataclass

from reports.numbers import count, duration, in_groups, plural
from reports.statistics.crossed import mean_difference
from reports.statistics.luck import expected_luck
from reports.statistics.power import detectable, seeds_to_detect, with_images, with_seeds
from reports.statistics.spending import level_of_opening
from study.confirmation.analysis import trial_noise
from study.confirmation.probe import Probes
from study.run_dir.confirm_options import ConfirmOptions

_SEEDS_SHOWN = (3, 5, 10, 20)
# The best of so many random configs is among the best 5 % of all with probability 0.95:
# 1 - 0.95^59 = 0.952 (Bergstra & Bengio 2012, "Random Search", section 2).
ADVISED_TRIALS = math.ceil(math.log(0.05) / math.log(0.95))


@dataclass(frozen=True)
class Design:
    """What would be asked: trials in all, jobs at once, test images, and the gain that matters.

    Where the test images come in `test_groups`, so many of them, these count as one each.
    """

    trials: int
    jobs: int
    test_n: int
    gain: float
    options: ConfirmOptions
    test_groups: int | None = None

    @property
    def test_words(self) -> str:
        """Return on how many test images an answer would rest."""
        return f"{count(self.test_n)} test images{in_groups(self.test_groups)}"


def forecast(probes: Probes, design: Design) -> tuple[str, ...]:
    """Say time, memory, the smallest gain this design detects, luck and advice, a line each."""
    return (*_cost(probes, design), *_power(probes, design), *_luck(probes, design))


def _cost(probes: Probes, design: Design) -> tuple[str, ...]:
    seconds = sum(probes.seconds) / len(probes.seconds)
    search = seconds * design.trials / design.jobs
    more = design.options.trainings
    final = seconds * more / design.jobs
    memory = probes.peak_bytes * design.jobs / 2**30
    span = f"{duration(min(probes.seconds))} to {duration(max(probes.seconds))}"
    workers = plural(design.jobs, "worker")
    return (
        (
            f"time: {duration(seconds)} a trial (probes {span}); "
            f"{plural(design.trials, 'trial')} on {workers} {duration(search)}, less with pruning; "
            f"up to {more} retrainings of the confirmation {duration(final)}; "
            f"in all {duration(search + final)}"
        ),
        f"memory: {memory:.1f} GiB on {workers}",
    )


def _power(probes: Probes, design: Design) -> tuple[str, ...]:
    spread = mean_difference(probes.other, probes.baseline)
    spread = with_images(spread, design.test_groups or design.test_n)
    least = {k: 100 * detectable(with_seeds(spread, k), level_of_opening(1)) for k in _SEEDS_SHOWN}
    gains = ", ".join(f"{k} seeds {gain:.2f}" for k, gain in least.items())
    wanted = f"+{100 * design.gain:.2f} points"
    seeds = seeds_to_detect(spread, design.gain, level_of_opening(1))
    advice = (
        f"no number of seeds detects {wanted} on {design.test_words}"
        if seeds is None
        else f"{plural(max(3, seeds), 'seed')} each to detect {wanted}"
    )
    return (
        (
            f"smallest gain detected with power 0.8 on {design.test_words}, in "
            f"points: {gains} (from {plural(probes.baseline.shape[0], 'seed')} each on "
            f"{count(probes.baseline.shape[1])} validation images: a rough estimate)"
        ),
        f"advice: {advice}",
    )


def _luck(probes: Probes, design: Design) -> tuple[str, ...]:
    n = probes.baseline.shape[1]
    noise = trial_noise(probes.other, probes.baseline, n)
    luck = 100 * expected_luck(design.trials, noise)
    return (
        (
            f"luck: one trial's accuracy has a noise of {100 * noise:.2f} points on {count(n)} "
            f"validation images, so the best of {plural(design.trials, 'equally good trial')} "
            f"would look {luck:.2f} points better than it is"
        ),
        (
            f"advice: at least {ADVISED_TRIALS + 1} trials, baseline included: the best of "
            f"{ADVISED_TRIALS} random configs is among the best 5 % of all with probability 0.95"
        ),
    )
