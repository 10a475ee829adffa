"""Train one config under one or several seeds, and say what it reaches."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from typing import Literal

from reports.numbers import percent, plural, size_words
from reports.opening import Purpose
from reports.statistics.weighting import effective_n
from search_spaces.faults import fault
from search_spaces.measures import MEASURES, MeasureName, scored_by
from search_spaces.unsaid import UNSAID
from study.bundle.config_forms import render_config
from study.bundle.retraining import finished
from study.bundle.testing import test_networks
from study.config import TrainConfig
from study.data.load import LoadedData
from study.data.prepared import feature_count, preparation_of
from study.data.split import VALIDATION_SHARE, split_data
from study.data.suitable import check_config
from study.data.values import Split, TrainingData
from study.engine.seeds import search_split_seed
from study.executors.protocol import Event, Failed, Finished, Job
from study.networks.tasks import SaveNetwork, Shape, network_process
from study.run_dir.temporary import temporary_run
from study.run_dir.user_ledger import user_ledger
from study.workflows.workers import train_in_workers

Say = Callable[[str], None]


@dataclass(frozen=True)
class TrainRequest:
    """What to train: a config under several seeds, tested where `ledger` names where to note it."""

    config: TrainConfig
    seeds: tuple[int, ...]
    ledger: Path | None
    save: Path | None


@dataclass(frozen=True)
class Trained:
    """The accuracy (a fraction) that a config reached under each seed, on `n` images of `split`.

    `where` is what it was measured on, in words. `measure` is that of weighted rows, None where all
    count the same.
    """

    seeds: tuple[int, ...]
    accuracies: tuple[float, ...]
    split: Literal["validation", "test"]
    n: int
    where: str
    measure: MeasureName | None = field(default=None, metadata=UNSAID)


def trained_words(trained: Trained) -> list[str]:
    """Return a line for each accuracy and one for their mean."""
    accuracies, what = trained.accuracies, trained.where
    of = f"{MEASURES[trained.measure].title} " if trained.measure else ""
    lines = [
        f"seed {seed}: {of}{percent(one)} on {what}"
        for seed, one in zip(trained.seeds, accuracies, strict=True)
    ]
    if len(accuracies) > 1:
        spread = f"standard deviation {percent(stdev(accuracies))}"
        seeds = f"{len(accuracies)} seeds on {what}"
        lines.append(f"mean of {seeds}: {of}{percent(mean(accuracies))}, {spread}")
    return lines


def train_seeds(request: TrainRequest, loaded: LoadedData, workers: int, say: Say) -> Trained:
    """Train under every seed and return what was reached.

    What happens on the way goes to `say`. Raises FaultError.
    """
    if request.ledger:
        # Else it would show after the trainings.
        user_ledger(os.environ).check_other(request.ledger)
    check_config(request.config, loaded.training.about)
    if request.ledger and request.config.patience:
        say("Without a validation split nothing stops early: patience is ignored.")
    if request.save is not None:
        _make_folder(request.save)
    split = None if request.ledger else Split(search_split_seed(0), VALIDATION_SHARE)
    fingerprint = loaded.training.about.fingerprint
    measure = scored_by("accuracy", loaded.training.about.weight)
    jobs = [
        Job(seed, request.config, seed, fingerprint, split, True, measure=measure)
        for seed in request.seeds
    ]
    with temporary_run() as run:
        log = run.workers_log
        on_event = partial(_say_end, say)
        ends = train_in_workers(loaded.training, jobs, workers, log, on_event)
        found = [finished(f"seed {seed}", ends[seed]) for seed in request.seeds]
        if request.save is not None:
            _save(request.save, request.config, (loaded.training, split), found, log, say)
        return _trained(request, loaded, found, log)


def _say_end(say: Say, event: Event) -> None:
    if isinstance(event, Finished):
        epochs = plural(event.result.epochs, "epoch")
        say(f"seed {event.job}: {epochs} in {event.result.seconds:.1f} s")
    elif isinstance(event, Failed):
        say(f"seed {event.job}: failed, {event.reason}")


def _trained(
    request: TrainRequest, loaded: LoadedData, found: Sequence[Finished], log: Path
) -> Trained:
    weight = loaded.training.about.weight
    measure = scored_by("accuracy", weight) if weight else None
    if request.ledger is None:
        results = [one.result for one in found]
        known = tuple((one.value if weight else one.accuracy) or 0.0 for one in results)
        n = found[0].result.n
        size = size_words(n, weighted_n=_validation_effective_n(loaded.training))
        where = f"validation ({size}, split by seed {search_split_seed(0)})"
        return Trained(request.seeds, known, "validation", n, where, measure)
    weights = [one.weights for one in found if one.weights is not None]
    noted = request.ledger, Purpose("train", seeds=len(request.seeds))
    tested = test_networks(loaded, request.config, weights, noted, log, measure)
    accuracies = tuple(one.accuracy if one.value is None else one.value for one in tested)
    n = loaded.test.test_n
    size = size_words(n, weighted_n=loaded.concerns.test_effective_n)
    where = f"test ({size}, opening noted in {request.ledger})"
    return Trained(request.seeds, accuracies, "test", n, where, measure)


def _validation_effective_n(training: TrainingData) -> float | None:
    """Return what the weighted rows are worth that a training without `ledger` is scored on."""
    if training.examples.weights is None:
        return None
    held = split_data(training, Split(search_split_seed(0), VALIDATION_SHARE)).validation
    return None if held is None or held.weights is None else effective_n(held.weights)


def _save(
    place: Path,
    config: TrainConfig,
    learned: tuple[TrainingData, Split | None],
    found: Sequence[Finished],
    log: Path,
    say: Say,
) -> None:
    training, split = learned
    preparation = preparation_of(training, split, config)
    features = feature_count(training, preparation)
    shape = Shape(config, features, len(training.about.classes))
    with network_process(log) as ask:
        for one in found:
            folder = place / f"seed-{one.job}"
            _make_folder(folder)
            provenance = {"data": training.about.name, "seed": str(one.job)}
            text = render_config(config, provenance, "toml")
            (folder / "config.toml").write_text(text, encoding="utf-8")
            weights = one.weights or ()
            ask(SaveNetwork(shape, weights, folder.absolute(), ("keras",), None, preparation))
            say(f"seed {one.job}: network in {folder}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise fault(str(folder), f"cannot be written: {error.strerror or error}") from error
