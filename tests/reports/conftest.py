"""Builders of study records that look like real ones, without any training."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.calibration import Calibration
from reports.data_record import DataRecord, Sample
from reports.opening import Opening, Purpose, in_words
from reports.record import (
    AblationStep,
    Comparison,
    Confirmation,
    Flip,
    Interval,
    Optimism,
    PairTest,
    Retraining,
    StudyRecord,
)
from reports.statistics.reliability import effect
from reports.statistics.temperature import tempered
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.kinds import IntParameter
from search_spaces.parameters import PARAMETERS, complete_params
from search_spaces.space import (
    Baseline,
    Between,
    ChoiceDomain,
    FloatDomain,
    IntDomain,
    OneOf,
    PublishedNumber,
    SearchedParameter,
    Space,
)
from tests.reports.chromium import Visit, running_chromium, visiting

START = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
PUBLISHED = PublishedNumber(0.984, "mnist", "test", 10_000, 1, "a tutorial's text")
BASELINE_PARAMS = {"width": 512, "dropout": 0.2, "batch_size": 128, "epochs": 5}


def four_space() -> Space:
    return Space(
        "four",
        "Width, dropout, batch size and epochs.",
        (
            SearchedParameter("width", IntDomain(64, 2048, log=True)),
            SearchedParameter("dropout", FloatDomain(0.0, 0.6)),
            SearchedParameter("batch_size", ChoiceDomain((32, 64, 128, 256, 512))),
            SearchedParameter("epochs", IntDomain(3, 20)),
        ),
        {},
        Baseline(BASELINE_PARAMS, PUBLISHED),
    )


def conditional_space() -> Space:
    four = four_space()
    more = (
        SearchedParameter("learning_rate", FloatDomain(1e-4, 1e-2, log=True)),
        SearchedParameter("optimizer", ChoiceDomain(("adam", "sgd", "rmsprop"))),
        SearchedParameter("momentum", FloatDomain(0.0, 0.99), {"optimizer": OneOf(("sgd",))}),
        SearchedParameter("nesterov", ChoiceDomain((False, True)), {"momentum": Between(0.1, 1)}),
    )
    return replace(four, name="wide", parameters=four.parameters + more)


def forty_space() -> Space:
    """Search every parameter of the vocabulary, and a few that it will get one day."""
    searched = []
    for name, parameter in PARAMETERS.items():
        if isinstance(parameter, IntParameter):
            searched.append(SearchedParameter(name, IntDomain(1, max(2, parameter.default * 4))))
        elif hasattr(parameter, "options"):
            searched.append(SearchedParameter(name, ChoiceDomain(parameter.options)))
        else:
            high = min(parameter.high, max(2 * parameter.default, parameter.low + 0.3))
            searched.append(SearchedParameter(name, FloatDomain(parameter.low, high)))
    extra = (SearchedParameter(f"later_{i}", FloatDomain(0, 1)) for i in range(40 - len(searched)))
    return Space("forty", "All.", (*searched, *extra), {}, Baseline({}, PUBLISHED))


def draw_params(space: Space, rng: np.random.Generator) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for parameter in space.parameters:
        if all(_holds(params, name, when) for name, when in parameter.when.items()):
            params[parameter.name] = _draw(parameter.domain, rng)
    return params


def _holds(params: dict[str, Any], name: str, when: OneOf | Between) -> bool:
    if name not in params:
        return False
    if isinstance(when, OneOf):
        return params[name] in when.values
    return when.low <= params[name] <= when.high


def _draw(domain: Any, rng: np.random.Generator) -> Any:
    match domain:
        case ChoiceDomain(values=values):
            return values[int(rng.integers(len(values)))]
        case IntDomain(low=low, high=high, log=True):
            return round(float(np.exp(rng.uniform(np.log(low), np.log(high)))))
        case IntDomain(low=low, high=high):
            return int(rng.integers(low, high + 1))
        case FloatDomain(low=low, high=high, log=True):
            return float(np.exp(rng.uniform(np.log(low), np.log(high))))
        case _:
            return float(rng.uniform(domain.low, domain.high))


def _quality(config: dict[str, Any]) -> float:
    """Return a made-up true accuracy with the shape that such nets have."""
    width = np.log2(config["width"] / 512)
    error = 0.0195 + 0.0016 * (width - 1) ** 2 + 0.05 * (config["dropout"] - 0.35) ** 2
    error += 0.0009 * abs(np.log2(config["batch_size"] / 128)) + 0.012 / config["epochs"]
    return float(1 - error)


def _curve(final: float, epochs: int, speed: float, rng: np.random.Generator) -> tuple:
    shown = []
    for epoch in range(1, epochs + 1):
        accuracy = final - 0.06 * np.exp(-epoch / speed) + rng.normal(0, 0.0006)
        loss = 0.04 + 4.2 * (1 - accuracy)
        train = 0.01 + 0.4 * np.exp(-epoch / speed) + rng.normal(0, 0.002)
        shown.append(
            EpochRecord(
                epoch, round(float(train), 6), round(float(loss), 6), round(float(accuracy), 4), 2.8
            )
        )
    return tuple(shown)


def make_trial(
    number: int,
    params: dict[str, Any],
    rng: np.random.Generator,
    started: float,
    **changes: Any,
) -> TrialRecord:
    n = changes.pop("n", 10_000)
    known = {name: value for name, value in params.items() if name in PARAMETERS}
    config = complete_params("test", known)
    final = _quality(config) + rng.normal(0, 0.0012)
    curve = _curve(final, int(config["epochs"]), 1.6, rng)
    seconds = float(2.8 * len(curve) * (config["width"] / 512) ** 0.8 * rng.uniform(0.9, 1.1))
    trial = TrialRecord(
        number=number,
        state="complete",
        origin="search",
        params=params,
        config=config,
        seed=1000 + number,
        split="validation",
        n=n,
        accuracy=round(float(curve[-1].validation_accuracy), 4),
        loss=curve[-1].validation_loss,
        curve=curve,
        worker=f"local-{number % 2}",
        started=(START + timedelta(seconds=started)).isoformat(),
        ended=(START + timedelta(seconds=started + seconds)).isoformat(),
        seconds=round(seconds, 3),
        parameter_count=int(config["width"] * (784 + config["width"] + 12) + 10),
        weights_hash=f"{number:064x}",
    )
    return replace(trial, **changes)


def pruned(trial: TrialRecord, at: int) -> TrialRecord:
    share = at / max(1, len(trial.curve))
    ended = datetime.fromisoformat(trial.started) + timedelta(seconds=trial.seconds * share)
    return replace(
        trial,
        state="pruned",
        accuracy=None,
        loss=None,
        curve=trial.curve[:at],
        seconds=round(trial.seconds * share, 3),
        ended=ended.isoformat(),
        weights_hash=None,
        reason=f"below the median of 8 trials after epoch {at}",
    )


def failed(trial: TrialRecord, reason: str = "the loss is not a number after epoch 2") -> Any:
    return replace(
        trial,
        state="failed",
        accuracy=None,
        loss=None,
        curve=trial.curve[:2],
        reason=reason,
        weights_hash=None,
    )


def build_trials(space: Space, count: int, seed: int) -> tuple[TrialRecord, ...]:
    rng = np.random.default_rng(seed)
    trials: list[TrialRecord] = []
    clock = [0.0, 0.0]
    for number in range(count):
        params = draw_params(space, rng)
        if number == 0:
            params = {
                p.name: complete_params("test", space.baseline.params)[p.name]
                for p in space.parameters
                if not p.when and p.name in PARAMETERS
            }
        trial = make_trial(number, params, rng, min(clock))
        if number == 0:
            trial = replace(trial, origin="baseline")
        elif number % 11 == 7:
            trial = failed(trial)
        elif number % 17 == 5:
            trial = replace(failed(trial, "the worker was killed by signal 9"), lost=True)
        elif number % 3 == 1 and number > 5 and len(trial.curve) > 3:
            trial = pruned(trial, 1 + number % 3)
            trial = replace(trial, origin="search")
        elif number % 13 == 3:
            trial = replace(trial, unpruned=True)
        trials.append(trial)
        clock[clock.index(min(clock))] += 0.4 + (trial.seconds or 0.0)
    return tuple(trials)


def sample(rng: np.random.Generator, label: str) -> Sample:
    """Return a ring or a bar in noise, so that a page has images to show."""
    y, x = np.mgrid[0:28, 0:28]
    radius = np.hypot(x - 14 + rng.normal(0, 1), y - 14 + rng.normal(0, 1))
    ring = 255 * np.exp(-(((radius - 4 - int(label or "0") % 5) / 1.6) ** 2))
    grey = np.clip(ring + rng.normal(0, 6, ring.shape), 0, 255).astype(int)
    return Sample(label, tuple(tuple(int(v) for v in row) for row in grey))


def data_record(name: str = "mnist") -> DataRecord:
    rng = np.random.default_rng(5)
    classes = tuple(str(i) for i in range(10))
    counts = (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    samples = tuple(sample(rng, label) for label in classes for _ in range(2))
    return DataRecord(
        name, "ab" * 32, 784, (28, 28), 50_000, 10_000, 10_000, classes, counts, samples
    )


SUMMARY = """Model: "sequential"
 Layer (type)            Output Shape       Param #
 dense (Dense)           (None, {width})      {first:,}
 dropout (Dropout)       (None, {width})      0
 dense_1 (Dense)         (None, 10)           {last:,}
 Total params: {total:,}
"""


def summary(width: int) -> str:
    first, last = 785 * width, 10 * (width + 1)
    return SUMMARY.format(width=width, first=first, last=last, total=first + last)


def build_confirmation(
    trials: tuple[TrialRecord, ...], answer: str = "BEATS", gain: float = 0.004
) -> Confirmation:
    rng = np.random.default_rng(11)
    best = max((t for t in trials if t.accuracy is not None), key=lambda t: t.accuracy)
    ranked = sorted(
        (t for t in trials if t.accuracy is not None and t.number),
        key=lambda t: -t.accuracy,  # type: ignore[operator]
    )[:3]
    winner = f"trial {best.number}"
    runs: list[Retraining] = []
    for seed in range(3):
        for trial in (*ranked, trials[0]):
            name = f"trial {trial.number}" if trial.number else "baseline"
            value = 0.9805 + (0.003 if trial.number else 0) + rng.normal(0, 0.0012)
            runs.append(
                Retraining(
                    "race", name, trial.config, 50 + seed, 50 + seed, "validation", 10_000,
                    round(float(value), 4), 12, 30.0,
                )
            )  # fmt: skip
    for seed in range(5):
        for trial in (best, trials[0]):
            name = f"trial {trial.number}" if trial is best else "baseline"
            value = 0.9803 + (gain if trial is best else 0) + rng.normal(0, 0.0009)
            runs.append(
                Retraining(
                    "final", name, trial.config, 100 + seed, None, "test", 10_000,
                    round(float(value), 4), 12, 30.0, f"{seed:064x}",
                )
            )  # fmt: skip
        runs.append(
            Retraining(
                "equal_compute", "baseline with the winner's epochs and width", trials[0].config,
                100 + seed, None, "test", 10_000, round(float(0.982 + rng.normal(0, 0.0009)), 4),
                20, 60.0,
            )
        )  # fmt: skip
    final = [r for r in runs if r.stage == "final"]
    confirmed = float(np.mean([r.accuracy for r in final if r.candidate == winner]))
    confusion = (np.eye(10, dtype=int) * 980 + rng.integers(0, 5, (10, 10))).tolist()
    flips = tuple(
        Flip(
            int(rng.integers(10_000)), sample(rng, str(i % 10)),
            str(i % 10) if i % 3 == 0 else str((i + 3) % 10),
            str(i % 10) if i % 3 else str((i + 5) % 10),
        )
        for i in range(14)
    )  # fmt: skip
    interval = Interval(gain - 0.0013, gain + 0.0013, 0.95)
    sentences = {
        "BEATS": "BEATS: the tuned network beats the re-run baseline by +0.40 points of test "
        "accuracy (95 % interval +0.27 to +0.53, 5 paired seeds, n = 10,000).",
        "CAN'T TELL": "CAN'T TELL: the difference of +0.05 points lies within its interval "
        "(-0.08 to +0.18, 5 paired seeds, n = 10,000).",
        "DOES NOT BEAT": "DOES NOT BEAT: the tuned network is no better than the re-run baseline "
        "(-0.20 points, 95 % interval -0.33 to -0.07, 5 paired seeds, n = 10,000).",
    }
    comparisons = (
        Comparison(
            "baseline", answer, sentences[answer], 0.0, 5, 10_000, gain, interval,
            reason="the interval holds 0" if answer == "CAN'T TELL" else None,
            settle="about 14 more seeds each" if answer == "CAN'T TELL" else None,
        ),
        Comparison(
            "published", "CAN'T TELL",
            "CAN'T TELL: the mean of 98.43 % lies inside the published number's own interval.",
            0.0, 5, 10_000, confirmed - 0.984, Interval(-0.0021, 0.0029, 0.95),
            reason="the published number is one run with an unknown seed",
            settle="no number of our own seeds: the published run must be repeated",
        ),
    )  # fmt: skip
    ablation = (
        AblationStep("epochs", "5", "16", 0.0021, Interval(0.0012, 0.003, 0.95), 5,
                     "validation", True),
        AblationStep("width", "512", "1204", 0.0012, Interval(0.0002, 0.0022, 0.95), 5,
                     "validation", True),
        AblationStep("dropout", "0.2", "0.341", 0.0004, Interval(-0.0006, 0.0014, 0.95), 5,
                     "validation", False),
    )  # fmt: skip
    purpose = Purpose("final", winner, seeds=5)
    opening = Opening(
        START.isoformat(), in_words(purpose), purpose, (f"{1:064x}", f"{2:064x}"),
        "ab" * 32, "cd" * 32,
    )  # fmt: skip
    return Confirmation(
        winner=winner, retrainings=tuple(runs), comparisons=comparisons, openings=(opening,),
        ledger_intact=True, probability=0.96, probability_interval=Interval(0.81, 1.0, 0.95),
        pair=PairTest(61, 27, 0.0004),
        optimism=Optimism(
            best.accuracy or 0.0, confirmed, 0.0028, 31, 0.0021, Interval(-0.0009, 0.0051, 0.95)
        ), ablation=ablation,
        confusion=tuple(map(tuple, confusion)), flips=flips, calibration=build_calibration(),
    )  # fmt: skip


def answers_of(n: int, temperature: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (n, 10) and labels (n,) that this temperature makes true."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 1, (n, 10)) + np.eye(10)[rng.integers(10, size=n)] * 6
    true = tempered(np.exp(scores), 1.0)
    labels = (rng.random((n, 1)) > true.cumsum(axis=1)[:, :-1]).sum(axis=1).astype(np.int32)
    return tempered(true, 1 / temperature), labels


@cache
def build_calibration(temperature: float = 1.5) -> Calibration:
    effects = []
    for n, seed in ((30_000, 3), (10_000, 4)):
        found, labels = answers_of(n, temperature, seed)
        effects.append(effect(found, tempered(found, temperature), labels, np.arange(n)))
    return Calibration(temperature, 3, 480, effects[0], effects[1])


def build_record(
    count: int = 40,
    *,
    space: Space | None = None,
    seed: int = 0,
    answer: str | None = "BEATS",
    data: DataRecord | None = None,
    name: str = "mnist-four",
    **changes: Any,
) -> StudyRecord:
    space = space or four_space()
    trials = build_trials(space, count, seed)
    scored = any(t.accuracy is not None for t in trials)
    gains = {"BEATS": 0.004, "CAN'T TELL": 0.0005, "DOES NOT BEAT": -0.002}
    confirmation = build_confirmation(trials, answer, gains[answer]) if answer and scored else None
    summaries = {"baseline": summary(512)}
    if confirmation:
        summaries[confirmation.winner] = summary(1204)
    record = StudyRecord(
        name=name, created=START.isoformat(), data=data or data_record(), space=space,
        space_fingerprint="ef" * 32, seed=7, split_seed=7, sampler="tpe", pruner="median", jobs=2,
        trials_asked=count, trials=trials, summaries=summaries, confirmation=confirmation,
        versions={"dense-study": "0.1.0", "keras": "3.15.1", "optuna": "5.0.0", "python": "3.11.9"},
        machine="Linux x86_64, 2 cores",
    )  # fmt: skip
    return replace(record, **changes)


@pytest.fixture(scope="session")
def make_record() -> Callable[..., StudyRecord]:
    """Build a record of `count` trials; `answer` None leaves it without a confirmation."""
    return build_record


@pytest.fixture(scope="session")
def build() -> Callable[..., StudyRecord]:
    """Give the builder to tests that run many examples."""
    return build_record


@pytest.fixture
def conditional() -> Space:
    """Give a space in which parameters depend on each other."""
    return conditional_space()


@pytest.fixture
def forty() -> Space:
    """Give a space of forty parameters."""
    return forty_space()


@pytest.fixture
def digits() -> DataRecord:
    """Give data for which nothing was published."""
    return data_record("digits")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Run a Chromium for the tests of a module."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open pages in it, as `visiting` does."""
    with visiting(browser, tmp_path) as opened:
        yield opened
