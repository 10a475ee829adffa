"""The baseline alone: step by step from its images to its test accuracy, or over many seeds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reports.record import Comparison, Interval
from reports.statistics.scores import mean_score, of_one_score, of_score
from reports.terms import Terms
from reports.trials import BASELINE
from reports.turned import turned
from reports.verdict import against_published, cant_tell
from search_spaces.data_source import DataOptions
from search_spaces.measures import AskedMeasure, MeasureName, scored_by
from search_spaces.read import load_space
from search_spaces.space import PublishedNumber
from search_spaces.unsaid import UNSAID
from study.config import TrainConfig, config_from_params
from study.confirmation.baseline_runs import Distribution, over_seeds, train_and_test
from study.confirmation.baseline_text import (
    beside_published,
    config_words,
    data_words,
    distribution_words,
    draw_samples,
    epoch_words,
    test_words,
)
from study.confirmation.candidates import Candidate
from study.confirmation.on_test_split import TestAccess
from study.confirmation.requirements import check_test_size
from study.confirmation.retrain import RetrainContext, retrain_context
from study.confirmation.terms import terms_of
from study.data.describe import describe
from study.data.load import LoadedData
from study.data.prepared import feature_count, preparation_of
from study.data.suitable import check_space
from study.engine.results import EpochResult
from study.executors.choose import THIS_MACHINE
from study.machine import utc_text
from study.networks.tasks import Shape, Summarize
from study.run_dir.paths import RunDirectory
from study.workflows.kept_space import kept_space
from study.workflows.workers import opened_workplace

Say = Callable[[str], None]

# A data file's name may be as long as a folder's, bytes; more is put around it.
_LONGEST_NAME = 200


@dataclass(frozen=True)
class BaselineRun:
    """A baseline ready to be trained, and what it is held against."""

    config: TrainConfig
    published: PublishedNumber | None
    context: RetrainContext
    access: TestAccess

    @property
    def baseline(self) -> Candidate:
        """Return the baseline as it is called among candidates."""
        return Candidate(BASELINE, self.config)


def baseline_run_directory(runs_dir: Path, loaded: LoadedData) -> RunDirectory:
    """Return where the baseline of this data keeps its ledger and retrainings."""
    about = loaded.training.about
    # Files of one name may hold other data, and nothing of the one is true of the other.
    name = about.name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return RunDirectory(runs_dir / f"baseline-{name}-{about.fingerprint[:8]}")


@contextmanager
def open_baseline(
    run: RunDirectory,
    loaded: LoadedData,
    asked: tuple[str, DataOptions],
    question: tuple[str, AskedMeasure],
    jobs: int,
    say: Say,
) -> Iterator[BaselineRun]:
    """Start workers with the data, and end them; `asked` is how the data was named and is read.

    `question` is the search space that holds the baseline, and the measure that is asked for.
    """
    space_name = question[0]
    measure = scored_by(question[1], loaded.training.about.weight)
    space = load_space(space_name)
    check_space(space, loaded.training.about)
    config = config_from_params(space.baseline.params, space_name)
    run.create()
    with opened_workplace(run, THIS_MACHINE, jobs, say) as workplace:
        workplace.open_data(loaded.training)
        fingerprint = loaded.training.about.fingerprint
        context = retrain_context(
            run, workplace.executor, fingerprint, say, workplace.interrupts, measure
        )
        access = TestAccess(run, loaded, workplace.open_ask, utc_text, measure=measure)
        kept = kept_space(space, asked, loaded.training.about.name, loaded.test.test_n)
        yield BaselineRun(config, kept.baseline.published, context, access)


@dataclass(frozen=True)
class SeedTested:
    """What one training of the baseline reached on the n test images; `accuracy` is a fraction.

    `openings` counts those of this test split by now. `value` is the `measure` that was asked for,
    both None where that is the accuracy, and `interval` is of it at 95 %, over images alone.
    """

    seed: int
    loss: float
    accuracy: float
    split: Literal["test"]
    n: int
    openings: int
    interval: Interval | None = None
    measure: MeasureName | None = field(default=None, metadata=UNSAID)
    value: float | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True)
class SeedsTested:
    """What the baseline reached on the n test images under each seed, and the answer to that.

    `accuracies` are fractions; `comparison` is with the published number, None where there is none.
    `values` are those of the `measure` that was asked for, both None where that is the accuracy;
    `mean` is over seeds, and `interval` is of it, None with one seed.
    """

    seeds: tuple[int, ...]
    accuracies: tuple[float, ...]
    split: Literal["test"]
    n: int
    openings: int
    comparison: Comparison | None
    mean: float | None = None
    interval: Interval | None = None
    measure: MeasureName | None = field(default=None, metadata=UNSAID)
    values: tuple[float, ...] | None = field(default=None, metadata=UNSAID)


def show_steps(
    baseline_run: BaselineRun, seed: int, say: Say
) -> tuple[SeedTested, tuple[str, ...]]:
    """Go through the whole flow: samples, shapes, network, epochs, and at last the test.

    The second value returned says what it reached, the published number, and the opening.
    """
    loaded, config = baseline_run.access.loaded, baseline_run.config
    about = loaded.training.about
    record = describe(loaded, None)
    say("\n".join([draw_samples(record.samples[::2], 10), "", data_words(loaded.training, record)]))
    features = feature_count(loaded.training, preparation_of(loaded.training, None, config))
    with baseline_run.access.open_ask() as ask:
        summary = ask(Summarize(Shape(config, features, len(about.classes))))
    say(f"\n{summary}")
    say(config_words(config))

    def on_epoch(epoch: EpochResult) -> None:
        say(epoch_words(epoch, config.epochs))

    tested = train_and_test(
        baseline_run.context, baseline_run.access, baseline_run.baseline, seed, on_epoch
    )
    lines = (
        test_words(tested, seed),
        beside_published(baseline_run.published, about.name, baseline_run.access.measure),
        f"{tested.opening.words}; noted in {baseline_run.access.run.ledger}",
    )
    own, measure = tested.scores, tested.scores.measure
    found = SeedTested(
        seed=seed,
        loss=tested.loss,
        accuracy=float(own.accuracies[0]),
        split="test",
        n=own.shape[1],
        openings=tested.opening.number,
        interval=turned(of_one_score(own, tested.groups), measure.name),
        measure=None if own.rows is None else measure.name,
        value=None if own.rows is None else own.value,
    )
    return found, lines


def judge_over_seeds(
    baseline_run: BaselineRun, seed: int, count: int
) -> tuple[SeedsTested, tuple[str, ...]]:
    """Train under many seeds; return what each reached, beside the published number.

    `seed` is the one that the others are derived from. The second value returned says it in lines.
    """
    if count > 1:
        check_test_size(baseline_run.access.loaded)
    found = over_seeds(
        baseline_run.context, baseline_run.access, baseline_run.baseline, seed, count
    )
    published = baseline_run.published
    comparison = None if published is None else _compare(baseline_run, published, found)
    interval = _interval(baseline_run, found)
    lines = [distribution_words(found.seeds, found.scores, interval)]
    if comparison is None:
        lines.append(beside_published(None, ""))
    else:
        lines.append(comparison.sentence)
        if comparison.settle is not None:
            lines.append(f"What would settle it: {comparison.settle}.")
    lines.append(f"{found.opening.words}; noted in {baseline_run.access.run.ledger}")
    own, measure = found.scores, found.scores.measure
    tested = SeedsTested(
        seeds=found.seeds,
        accuracies=tuple(own.accuracies.tolist()),
        split="test",
        n=own.shape[1],
        openings=found.opening.number,
        comparison=comparison,
        mean=own.value,
        interval=None if interval is None else turned(interval, measure.name),
        measure=None if own.rows is None else measure.name,
        values=None if own.rows is None else tuple(map(measure.oriented, own.means.tolist())),
    )
    return tested, tuple(lines)


def _interval(baseline_run: BaselineRun, found: Distribution) -> Interval | None:
    """Return the interval of the mean over seeds, at the level of this opening."""
    own = found.scores
    if own.shape[0] < 2:
        return None
    level = terms_of(baseline_run.access).level
    return of_score(own.measure, mean_score(own, found.groups), level)


def _compare(
    baseline_run: BaselineRun, published: PublishedNumber, found: Distribution
) -> Comparison:
    size = found.scores.shape
    if size[0] < 2:
        reason = "one seed does not show how much seeds differ"
        terms = Terms(measure=baseline_run.access.measure)
        return cant_tell("the baseline", "published", reason, terms, size)
    data = baseline_run.access.loaded.training.about.name
    terms = terms_of(baseline_run.access)
    return against_published("the baseline", found.scores, published, data, terms, found.groups)
