"""`baseline`: the baseline alone, step by step or over many seeds."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from reports.numbers import plural
from reports.record import Comparison
from reports.verdict import Terms, against_published, cant_tell
from search_spaces.read import load_space
from search_spaces.space import PublishedAccuracy
from study.config import config_from_params
from study.confirmation.baseline import Distribution, over_seeds, train_and_test
from study.confirmation.bench import Bench
from study.confirmation.candidates import Candidate
from study.confirmation.confirm import utc_now
from study.confirmation.evaluated import is_evaluated
from study.confirmation.opening import Door
from study.confirmation.prediction import Summarize, predictor_process
from study.confirmation.retrained import OutcomeFile
from study.confirmation.walk_text import (
    beside_published,
    config_words,
    data_words,
    distribution_words,
    draw_samples,
    test_words,
)
from study.confirmation.weights import WeightFiles
from study.coordinator.interrupts import caught_interrupts
from study.data.describe import describe
from study.data.load import LoadedData, load_data
from study.data.store import save_training_data
from study.engine.results import EpochResult
from study.executors.choose import THIS_MACHINE
from study.lock import locked
from study.machine import cores
from study.opening import workers
from study.run_directory import RunDirectory

Say = Callable[[str], None]


@dataclass(frozen=True)
class Bout:
    """A baseline ready to be trained, and what it is held against."""

    baseline: Candidate
    published: PublishedAccuracy | None
    bench: Bench
    door: Door


@click.command("baseline")
@click.option(
    "--data", default="digits", show_default=True, metavar="NAME|FILE.npz", help="What to train on."
)
@click.option("--space", default="four", show_default=True, help="The space whose baseline it is.")
@click.option("--seeds", type=click.IntRange(1, 1000), help="Its distribution over so many seeds.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="First seed.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@click.option(
    "--runs-dir",
    type=click.Path(path_type=Path),
    default="runs",
    show_default=True,
    help="Where its ledger lies, in baseline-DATA-FINGERPRINT.",
)
@click.option("--quiet", is_flag=True, help="Only the results.")
def command(
    *,
    data: str,
    space: str,
    seeds: int | None,
    seed: int,
    jobs: int | None,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Train the baseline alone, step by step or over many seeds."""
    say: Say = (lambda _: None) if quiet else click.echo
    loaded = load_data(data, os.environ, say)
    about = loaded.training.about
    # Files of one name may hold other data, and nothing of the one is true of the other.
    run = RunDirectory(runs_dir / f"baseline-{about.name}-{about.fingerprint[:8]}")
    workers = jobs or (1 if seeds is None else cores())
    with open_bout(run, loaded, space, workers, say) as bout:
        if seeds is None:
            walk(bout, seed, say)
        else:
            click.echo(judge(bout, over_seeds(bout.bench, bout.door, bout.baseline, seed, seeds)))
    return 0


@contextmanager
def open_bout(
    run: RunDirectory, loaded: LoadedData, space_name: str, jobs: int, say: Say
) -> Iterator[Bout]:
    """Start workers with the data, and end them."""
    space = load_space(space_name)
    baseline = Candidate("baseline", config_from_params(space.baseline.params, space_name))
    run.create()
    with ExitStack() as stack:
        stack.enter_context(locked(run))
        interrupts = stack.enter_context(caught_interrupts())
        executor = stack.enter_context(workers(run, THIS_MACHINE, jobs, say))
        save_training_data(run.shared_data, loaded.training)
        executor.open_data(run.shared_data)
        bench = Bench(
            executor=executor,
            fingerprint=loaded.training.about.fingerprint,
            file=OutcomeFile(run.retrainings),
            weights=WeightFiles(run),
            evaluated=partial(is_evaluated, run),
            say=say,
            interrupts=interrupts,
        )
        door = Door(run, loaded, partial(predictor_process, run.log), utc_now)
        yield Bout(baseline, space.baseline.published, bench, door)


def walk(bout: Bout, seed: int, say: Say) -> None:
    """Go through the whole flow: samples, shapes, network, epochs, test, published figure."""
    loaded, config = bout.door.loaded, bout.baseline.config
    about = loaded.training.about
    record = describe(loaded, None)
    say("\n".join([draw_samples(record.samples[::2], 10), "", data_words(loaded.training, record)]))
    with bout.door.open_ask() as ask:
        say(f"\n{ask(Summarize(config, record.features, len(about.classes)))}")
    say(config_words(config))

    def tell(epoch: EpochResult) -> None:
        say(epoch_words(epoch, config.epochs))

    tested = train_and_test(bout.bench, bout.door, bout.baseline, seed, tell)
    click.echo(test_words(tested.loss, tested.accuracy, tested.n, seed))
    click.echo(beside_published(bout.published, about.name))
    ledger = bout.door.run.ledger
    say(f"openings of this test split: {tested.openings}, see {ledger}")


def epoch_words(epoch: EpochResult, epochs: int) -> str:
    """Say how an epoch went."""
    seconds = f"{epoch.seconds:.1f} s"
    return f"epoch {epoch.epoch}/{epochs}: training loss {epoch.train_loss:.4f}, {seconds}"


def judge(bout: Bout, found: Distribution) -> str:
    """Say what every seed reached and whether the published number is within reach."""
    lines = [distribution_words(found.seeds, found.right)]
    if bout.published is None:
        lines.append(beside_published(None, ""))
    else:
        comparison = _compare(bout, bout.published, found)
        lines.append(comparison.sentence)
        if comparison.settle is not None:
            lines.append(f"What would settle it: {comparison.settle}.")
    words = plural(found.opening, "opening")
    lines.append(f"{words} of this test split, see {bout.door.run.ledger}")
    return "\n".join(lines)


def _compare(bout: Bout, published: PublishedAccuracy, found: Distribution) -> Comparison:
    size = found.right.shape[0], found.right.shape[1]
    if size[0] < 2:
        reason = "one seed does not show how much seeds differ"
        return cant_tell("the baseline", "published", reason, 0.0, size)
    data = bout.door.loaded.training.about.name
    terms = Terms(opening=found.opening)
    return against_published("the baseline", found.right, published, data, terms)
