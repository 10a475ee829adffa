"""What many trials, recorded or in flight, cost the coordinator."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from parts.simulated import (
    TEN_EPOCHS,
    EnoughError,
    Instant,
    child_environment,
    opened_log,
    plan_of,
)

from search_spaces.read import read_space
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.search import SearchTask, run_search
from study.executors.cluster.messages import Counts, Ready
from study.executors.cluster.workers import Members

# How many more trials TPE is asked for, to clock it.
MORE = 200


def memory(random: int, tpe: int) -> None:
    """Print memory, disk and time of a study of so many trials.

    One grows by the sampler random, and then TPE goes on with it; one is TPE's from the beginning.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grow(folder, "random", random)
        size = sum(file.stat().st_size for file in folder.iterdir())
        database = (folder / "study.db").stat().st_size
        print(
            f"{random} trials on disk: SQLite {database / random:,.0f} bytes a trial, "
            f"{size / 2**20:.1f} MiB with the lists of asked and recorded trials",
            flush=True,
        )
        grow(folder, "tpe", random + MORE)
    with tempfile.TemporaryDirectory() as name:
        grow(Path(name), "tpe", tpe)


def grow(folder: Path, sampler: str, trials: int) -> None:
    """Bring the study in the folder up to so many trials and print figures on the way."""
    command = [sys.executable, "-m", "parts.many_trials", str(folder), sampler, str(trials)]
    environment = child_environment()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        figures: dict[str, float] = {}
        before = json.loads(process.stdout.readline())["memory_bytes"]
        for figures in map(json.loads, process.stdout):
            if "trial_ms" in figures:
                show(sampler, figures, before)
    assert process.returncode == 0
    print(
        f"{sampler}, up to {trials} trials: {figures['opening_seconds']:.1f} s of processor "
        f"time to open the study, {figures['seconds']:.0f} s on the clock in all",
        flush=True,
    )


def show(sampler: str, figures: dict[str, float], before: float) -> None:
    """Print what the study costs at this many trials; `before` is memory without one, bytes."""
    held = figures["memory_bytes"]
    print(
        f"{sampler}, {figures['trials']} trials: {held / 2**20:.0f} MiB resident "
        f"({(held - before) / 2**20:.0f} more than without a study), "
        f"{figures['trial_ms']:.1f} ms of processor time to record and suggest, "
        f"{figures['epoch_ms']:.2f} ms an epoch report",
        flush=True,
    )


def flight(sampler: str, slots: int) -> None:
    """Print what a trial and an epoch event cost with so many trials in flight."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = plan_of(space, sampler=sampler, pruner="none", trials=slots + 100, jobs=slots)
    executor = Instant(slots, time.process_time, clocked=100)
    with tempfile.TemporaryDirectory() as folder, opened_log(Path(folder), plan, space) as log:
        task = SearchTask(plan, space, 100, 100)
        with suppress(EnoughError):
            run_search(task, log, executor, NoCallbacks(), Interrupts())
    ends, epochs = executor.spent["Finished"], executor.spent["EpochEnded"]
    print(
        f"{sampler}, {slots} in flight: {1000 * statistics.median(ends):.1f} ms of processor time "
        f"to record and suggest, {1000 * statistics.mean(epochs):.3f} ms an epoch event",
        flush=True,
    )


def counting(workers: int) -> None:
    """Print how long it takes to count the slots that the workers of a cluster offer."""
    members = Members()
    for number in range(workers):
        members.join(f"tcp://10.0.0.1:{number}", Ready(1, "sent", Counts()))
    began = time.process_time()
    for _ in range(100):
        assert members.slots == workers
    spent = (time.process_time() - began) / 100
    print(f"counting the slots of {workers} workers: {1000 * spent:.2f} ms", flush=True)
