"""What a study would cost, what it could detect, and its luck: numbers from probe trials."""

import math
from dataclasses import dataclass

from reports.budget import Planned, planned_words
from reports.measure_words import amount_words, lead_words
from reports.numbers import InputsWord, count, duration, in_groups, plural
from reports.statistics.luck import expected_luck
from reports.statistics.power import detectable, seeds_to_detect, with_images, with_seeds
from reports.statistics.scores import score_difference
from reports.statistics.spending import level_of_opening
from search_spaces.measures import MEASURES, MeasureName
from study.budget.asked import MOST_FITTING_SEEDS, Asked
from study.budget.planning import Situation, planned_search, target
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

    Where the test images come in `test_groups`, so many of them, these count as one each. A run may
    have a budget, seconds; its start would take `start_seconds`. `inputs` is what images are
    called; `gain` is one of the `measure`, a fraction where that is accuracy.
    """

    trials: int
    jobs: int
    test_n: int
    gain: float
    options: ConfirmOptions
    test_groups: int | None = None
    budget_seconds: float = 0.0
    start_seconds: float = 0.0
    inputs: InputsWord = "images"
    measure: MeasureName = "accuracy"


@dataclass(frozen=True)
class Forecast:
    """What a design would cost, detect and owe to luck; gains are of the measure, or fractions.

    `probe_seconds` are those of the probes, `retrainings` the most of the confirmation.
    `detectable` has the smallest gain by seeds each, with power 0.8 on `test_n` images, estimated
    from `probe_seeds` seeds each on `validation_n`; `seeds_needed` detect `gain` (None: no number
    does). `noise` is the standard deviation of one trial's measure on the `scored_n` images of its
    `folds`, which `scoring` tells in words, and `luck` by how much the best of `trials` equally
    good ones would look better than it is. `planned` is what a budget leaves time for, None without
    one.
    """

    trials: int
    jobs: int
    probe_seconds: tuple[float, ...]
    trial_seconds: float
    search_seconds: float
    retrainings: int
    confirmation_seconds: float
    memory_bytes: int
    test_n: int
    test_groups: int | None
    validation_n: int
    probe_seeds: int
    detectable: dict[int, float]
    gain: float
    seeds_needed: int | None
    noise: float
    luck: float
    advised_trials: int = ADVISED_TRIALS + 1
    budget_seconds: float = 0.0
    planned: Planned | None = None
    inputs: InputsWord = "images"
    measure: MeasureName = "accuracy"
    folds: int = 1
    scored_n: int = 0
    scoring: str = ""


def forecast(probes: Probes, design: Design) -> Forecast:
    """Predict what a design would cost, detect and owe to luck."""
    once = sum(probes.seconds) / len(probes.seconds)
    seconds = once * probes.folds
    retrainings, raced = design.options.trainings, design.options.race_trainings
    confirming = seconds * raced + once * (retrainings - raced)
    seeds, n = probes.baseline.shape
    spread = score_difference(probes.other, probes.baseline)
    spread = with_images(spread, design.test_groups or design.test_n)
    level = level_of_opening(1)
    needed = seeds_to_detect(spread, design.gain, level)
    scored = probes.scored_n or n
    noise = trial_noise(probes.other, probes.baseline, scored, probes.folds)
    return Forecast(
        trials=design.trials,
        jobs=design.jobs,
        probe_seconds=probes.seconds,
        trial_seconds=seconds,
        search_seconds=seconds * design.trials / design.jobs,
        retrainings=retrainings,
        confirmation_seconds=confirming / design.jobs,
        memory_bytes=probes.peak_bytes * design.jobs,
        test_n=design.test_n,
        test_groups=design.test_groups,
        validation_n=n,
        probe_seeds=seeds,
        detectable={k: detectable(with_seeds(spread, k), level) for k in _SEEDS_SHOWN},
        gain=design.gain,
        seeds_needed=None if needed is None else max(3, needed),
        noise=noise,
        luck=expected_luck(design.trials, noise),
        budget_seconds=design.budget_seconds,
        planned=_planned(probes, design),
        inputs=design.inputs,
        measure=design.measure,
        folds=probes.folds,
        scored_n=scored,
        scoring=probes.scoring,
    )


def _planned(probes: Probes, design: Design) -> Planned | None:
    if not design.budget_seconds or probes.costs is None or probes.best is None:
        return None
    options = design.options
    most = options.seeds or MOST_FITTING_SEEDS
    situation = Situation(
        budget=design.budget_seconds,
        left=design.budget_seconds - design.start_seconds,
        searched=0.0,
        start=design.start_seconds,
        slots=design.jobs,
        costs=probes.costs,
        candidates=(probes.best,),
        asked=Asked(True, options.top, options.rounds, options.seeds, most),
    )
    return planned_search(situation, target(situation), design.start_seconds, 0)


def forecast_words(found: Forecast) -> tuple[str, ...]:
    """Say how trials are scored, time, memory, the smallest gain detected, luck and advice."""
    scoring = (found.scoring,) if found.scoring else ()
    return (*scoring, *_cost(found), *_budget(found), *_power(found), *_luck(found))


def _budget(found: Forecast) -> tuple[str, ...]:
    if found.planned is None:
        return ()
    time = duration(found.budget_seconds)
    if found.planned.trials < 2:
        return (f"budget: {time} leaves no time for a baseline and a candidate",)
    return (f"budget: {time} leaves time for: {planned_words(found.planned)}",)


def _cost(found: Forecast) -> tuple[str, ...]:
    span = f"{duration(min(found.probe_seconds))} to {duration(max(found.probe_seconds))}"
    workers = plural(found.jobs, "worker")
    probes = "probes" if found.folds == 1 else f"{found.folds} trainings; probes"
    return (
        (
            f"time: {duration(found.trial_seconds)} a trial ({probes} {span}); "
            f"{plural(found.trials, 'trial')} on {workers} {duration(found.search_seconds)}, "
            f"less with pruning; up to {found.retrainings} retrainings of the confirmation "
            f"{duration(found.confirmation_seconds)}; "
            f"in all {duration(found.search_seconds + found.confirmation_seconds)}"
        ),
        f"memory: {found.memory_bytes / 2**30:.1f} GiB on {workers}",
    )


def _power(found: Forecast) -> tuple[str, ...]:
    gains = ", ".join(
        f"{k} seeds {amount_words(found.measure, gain)}" for k, gain in found.detectable.items()
    )
    wanted = lead_words(found.measure, found.gain)
    of = "" if found.measure == "accuracy" else f" in {MEASURES[found.measure].title}"
    inputs = f"{count(found.test_n)} test {found.inputs}{in_groups(found.test_groups)}"
    advice = (
        f"no number of seeds detects {wanted} on {inputs}"
        if found.seeds_needed is None
        else f"{plural(found.seeds_needed, 'seed')} each to detect {wanted}"
    )
    return (
        (
            f"smallest gain{of} detected with power 0.8 on {inputs}: {gains} (from "
            f"{plural(found.probe_seeds, 'seed')} each on {count(found.validation_n)} validation "
            f"{found.inputs}: a rough estimate)"
        ),
        f"advice: {advice}",
    )


def _scored_on(found: Forecast) -> str:
    if found.folds == 1:
        return f"{count(found.validation_n)} validation {found.inputs}"
    return f"{count(found.scored_n)} {found.inputs} of {found.folds} folds"


def _luck(found: Forecast) -> tuple[str, ...]:
    return (
        (
            f"luck: one trial's {MEASURES[found.measure].title} has a noise of "
            f"{amount_words(found.measure, found.noise)} on "
            f"{_scored_on(found)}, so the best of "
            f"{plural(found.trials, 'equally good trial')} would look "
            f"{amount_words(found.measure, found.luck)} better than it is"
        ),
        (
            f"advice: at least {found.advised_trials} trials, baseline included: the best of "
            f"{ADVISED_TRIALS} random configs is among the best 5 % of all with probability 0.95"
        ),
    )
