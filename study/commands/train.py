"""`train`: train one config file by itself."""

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

import click

from reports.numbers import percent, plural
from search_spaces.faults import fault
from study.bundle.config_forms import render_config
from study.bundle.network_tasks import SaveNetwork, Shape, network_process
from study.bundle.testing import test_accuracies
from study.bundle.training import finished, train_in_workers
from study.config import TrainConfig
from study.config_file import load_config
from study.coordinator.seeds import search_split_seed
from study.data.load import LoadedData, load_data
from study.data.split import VALIDATION_SHARE
from study.data.values import Split
from study.executors.protocol import Event, Failed, Finished, Job
from study.machine import cores


@dataclass(frozen=True)
class Order:
    """What to train: a config under several seeds, tested where `ledger` names where to note it."""

    config: TrainConfig
    seeds: tuple[int, ...]
    ledger: Path | None
    save: Path | None


@click.command("train")
@click.argument("config", type=click.Path(path_type=Path), metavar="CONFIG.toml")
@click.option("--data", default="digits", show_default=True, metavar="NAME|FILE.npz")
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="First seed.")
@click.option("--save", type=click.Path(path_type=Path), metavar="DIR", help="Keep the networks.")
@click.option(
    "--test",
    "ledger",
    type=click.Path(path_type=Path),
    metavar="LEDGER",
    help="Train on all but the test split, open that, and note it in this file.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
def command(
    *,
    config: Path,
    data: str,
    seeds: int,
    seed: int,
    save: Path | None,
    ledger: Path | None,
    jobs: int | None,
) -> int:
    """Train one config file and say what it reaches.

    Without --test the accuracy is that on a validation split, and the test split stays shut.
    """
    order = Order(load_config(config), tuple(range(seed, seed + seeds)), ledger, save)
    if save is not None:
        _make_folder(save)
    loaded = load_data(data, os.environ, lambda text: click.echo(text, err=True))
    train_config(order, loaded, min(jobs or cores(), seeds))
    return 0


def train_config(order: Order, loaded: LoadedData, workers: int) -> None:
    """Train under every seed, print each accuracy and their mean; raises FaultError."""
    if order.ledger and order.config.patience:
        click.echo("Without validation images nothing stops early: patience is ignored.", err=True)
    split = None if order.ledger else Split(search_split_seed(0), VALIDATION_SHARE)
    fingerprint = loaded.training.about.fingerprint
    jobs = [Job(seed, order.config, seed, fingerprint, split, True) for seed in order.seeds]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dense-study-"))
        log = Path(folder) / "log.txt"
        ends = train_in_workers(loaded.training, jobs, workers, log, _tell)
        found = [finished(f"seed {seed}", ends[seed]) for seed in order.seeds]
        if order.save is not None:
            _save(order.save, order.config, loaded, found, log)
        accuracies, what = _accuracies(order, loaded, found, log)
    for seed, one in zip(order.seeds, accuracies, strict=True):
        click.echo(f"seed {seed}: {percent(one)} on {what}")
    if len(accuracies) > 1:
        spread = f"standard deviation {percent(stdev(accuracies))}"
        seeds = f"{len(accuracies)} seeds on {what}"
        click.echo(f"mean of {seeds}: {percent(mean(accuracies))}, {spread}")


def _tell(event: Event) -> None:
    if isinstance(event, Finished):
        epochs = plural(event.result.epochs, "epoch")
        click.echo(f"seed {event.job}: {epochs} in {event.result.seconds:.1f} s", err=True)
    elif isinstance(event, Failed):
        click.echo(f"seed {event.job}: failed, {event.reason}", err=True)


def _accuracies(
    order: Order, loaded: LoadedData, found: Sequence[Finished], log: Path
) -> tuple[list[float], str]:
    if order.ledger is None:
        known = [one.result.accuracy or 0.0 for one in found]
        return (
            known,
            f"validation (n = {found[0].result.n:,}, split by seed {search_split_seed(0)})",
        )
    weights = [one.weights for one in found if one.weights is not None]
    noted = order.ledger, f"train a config file, {plural(len(order.seeds), 'seed')}"
    accuracies = test_accuracies(loaded, order.config, weights, noted, log)
    return accuracies, f"test (n = {loaded.test.test_n:,}, opening noted in {order.ledger})"


def _save(
    place: Path, config: TrainConfig, loaded: LoadedData, found: Sequence[Finished], log: Path
) -> None:
    features = loaded.training.examples.inputs.shape[1]
    shape = Shape(config, features, len(loaded.training.about.classes))
    with network_process(log) as ask:
        for one in found:
            folder = place / f"seed-{one.job}"
            _make_folder(folder)
            provenance = {"data": loaded.training.about.name, "seed": str(one.job)}
            text = render_config(config, provenance, "toml")
            (folder / "config.toml").write_text(text, encoding="utf-8")
            ask(SaveNetwork(shape, one.weights or (), folder.absolute(), ("keras",)))
            click.echo(f"seed {one.job}: network in {folder}", err=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise fault(str(folder), f"cannot be written: {error.strerror or error}") from error
