"""Measure what the coordinator and its workers bring, and what they cost; print ratios.

python benchmarks/throughput.py [--quick] [--rounds N] [--mnist mnist.npz] [PART ...]

PART is any of digits, mnist, deterministic, coordinator, scaling, many (all but mnist if none).
The same configs are trained by `plain_script.py` and by dense-study; both times hold everything
from the start of the process to its end.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from search_spaces.parameters import Scalar
from search_spaces.read import load_space, read_space
from study.coordinator.asked import AskedFile
from study.coordinator.interrupts import Interrupts
from study.coordinator.points import qmc_points
from study.coordinator.search import SearchTask, run_search
from study.coordinator.seeds import search_split_seed
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.coordinator.watching import NoWatcher
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE, split_data
from study.data.store import save_training_data
from study.data.values import Split
from study.engine.results import EpochResult, TrialResult
from study.executors.local import LocalExecutor
from study.executors.protocol import EpochEnded, Event, Finished, Job, Started
from study.plan import Plan
from study.request import Request, first_plan

HERE = Path(__file__).parent
# What simulated trials are asked from: as `four`, but every trial has ten epochs.
TEN_EPOCHS = """
name = "ten-epochs"
about = "What the classic network's width, dropout and batch size cost the coordinator"
parameters.width = { type = "int", low = 64, high = 1024, log = true }
parameters.dropout = { type = "float", low = 0.0, high = 0.6 }
parameters.batch_size = { type = "int", low = 32, high = 512, log = true }
baseline = { width = 512, dropout = 0.2, batch_size = 128, epochs = 10 }
fixed = { epochs = 10 }
"""
BASELINE: dict[str, Scalar] = {"width": 512, "dropout": 0.2, "batch_size": 128, "epochs": 5}


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description="Measure throughput.")
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--quick", action="store_true", help="fewer configs, one round")
    parser.add_argument("--rounds", type=int, default=0, help="rounds a side  [3, quick: 1]")
    parser.add_argument("--mnist", help="the MNIST file, for the part mnist")
    asked = parser.parse_args()
    rounds = asked.rounds or (1 if asked.quick else 3)
    parts = asked.parts or ["digits", "deterministic", "coordinator", "scaling", "many"]
    quick = asked.quick
    for part in parts:
        match part:
            case "digits":
                compare("digits", "digits", 8 if quick else 30, rounds)
            case "mnist":
                compare("mnist", asked.mnist, 3 if quick else 12, rounds)
            case "deterministic":
                deterministic(12 if quick else 30, rounds)
            case "coordinator":
                coordinator(200 if quick else 1000)
            case "scaling":
                for jobs in (1, 2, 4, 8):
                    scaling(jobs, 0.5, 6 if quick else 20)
            case "many":
                scaling(16 if quick else 64, 5.0, 4 if quick else 16)
            case _:
                parser.error(f"no part {part}")


def configs(count: int) -> list[dict[str, Scalar]]:
    """Return the baseline and points spread over the space `four`."""
    points = qmc_points(load_space("four"), seed=1)
    return [BASELINE, *(next(points) for _ in range(count - 1))]


def compare(name: str, data: str, count: int, rounds: int) -> None:
    """Time plain script and dense-study on the same configs, turn by turn."""
    ratios, trial_ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        wanted, arrays = Path(folder) / "configs.json", Path(folder) / "data.npz"
        wanted.write_text(json.dumps(configs(count)))
        save_split(data, arrays)
        for turn in range(rounds):
            plain, plain_trials = timed("plain_script.py", arrays, wanted)
            run = Path(folder) / f"run{turn}"
            ours, our_trials = timed("search_alone.py", run, data, wanted, os.cpu_count())
            ratios.append(plain / ours)
            trial_ratios.append(plain_trials / our_trials)
            print(
                f"{name}, {count} configs: plain {plain:.1f} s, dense-study {ours:.1f} s; "
                f"trials alone {plain_trials:.1f} s, {our_trials:.1f} s",
                flush=True,
            )
    print(f"{name}: {statistics.median(ratios):.1f} times the throughput, start-up included")
    print(f"{name}: {statistics.median(trial_ratios):.1f} times after start-up", flush=True)


def save_split(data: str, target: Path) -> None:
    """Write what a trial of seed 0's study sees, scaled, for the plain script."""
    training = load_data(data, os.environ).training
    seen = split_data(training, Split(search_split_seed(0), VALIDATION_SHARE))
    assert seen.validation is not None
    scale = training.about.full_scale
    np.savez(
        target,
        x_train=seen.train.inputs.astype(np.float32) / scale,
        y_train=seen.train.labels,
        x_valid=seen.validation.inputs.astype(np.float32) / scale,
        y_valid=seen.validation.labels,
    )


def timed(script: str, *arguments: object) -> tuple[float, float]:
    """Run a script; return the seconds of the whole process, and those of its trials."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    return seconds, float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def deterministic(count: int, rounds: int) -> None:
    """Time the same digits study with and without the rule that makes it repeat."""
    costs = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "configs.json"
        wanted.write_text(json.dumps(configs(count)))
        for turn in range(rounds):
            place = Path(folder)
            given = ("digits", wanted, os.cpu_count(), "suggest")
            _, free = timed("search_alone.py", place / f"free{turn}", *given)
            _, bound = timed("search_alone.py", place / f"bound{turn}", *given, "deterministic")
            costs.append(bound / free)
            print(f"digits, {count} trials after start-up: free {free:.1f} s, bound {bound:.1f} s")
    print(f"--deterministic: {statistics.median(costs):.2f} times the time", flush=True)


class Instant:
    """An executor whose trials take no time; it clocks what the coordinator does in between."""

    slots = 64

    def __init__(self) -> None:
        self._queue: list[Event] = []
        self._latest = ""
        self._since = time.perf_counter()
        self.spent: dict[str, list[float]] = {"EpochEnded": [], "Finished": []}

    def start(self, job: Job) -> None:
        """Lay out a job's events, interleaved with those of the others."""
        top = (job.seed % 1000) / 1000
        events: list[Event] = [Started(job.job, "instant")]
        for epoch in range(1, 11):
            reached = EpochResult(epoch, 0.1, 0.1, top * epoch / 10, 0.1)
            events.append(EpochEnded(job.job, reached))
        result = TrialResult(top, 0.1, 100, 10, 10, 1, 0.1, "0" * 64, 1)
        self._queue += [*events, Finished(job.job, result)]

    def stop(self, job: int) -> None:
        """Ignore it: no pruner is at work."""

    def kill(self, job: int) -> None:
        """Ignore it."""

    def events(self, timeout: float) -> list[Event]:
        """Return one event and clock what the one before it cost."""
        del timeout
        if self._latest in self.spent:
            self.spent[self._latest].append(time.perf_counter() - self._since)
        event = self._queue.pop(0)
        self._latest, self._since = type(event).__name__, time.perf_counter()
        return [event]

    def close(self) -> None:
        """Do nothing."""


def coordinator(trials: int) -> None:
    """Clock asking, reporting with pruning and telling to SQLite, with 64 jobs in flight."""
    with tempfile.TemporaryDirectory() as folder:
        space = load_space("four")
        fixed: dict[str, Any] = {"pruner": "median", "trials": trials, "jobs": 64}
        plan = plan_of(**fixed)
        storage = open_storage(f"sqlite:///{folder}/study.db", plan.name, create=True)
        log = TrialLog(AskedFile(Path(folder) / "asked.jsonl"), storage, space)
        executor = Instant()
        began, busy = time.perf_counter(), time.process_time()
        task = SearchTask(plan, space, 100)
        run_search(task, log, executor, NoWatcher(), Interrupts())
        seconds = time.perf_counter() - began
        busy = time.process_time() - busy
        storage.close()
    epochs, ends = executor.spent["EpochEnded"], executor.spent["Finished"]
    print(
        f"coordinator, {trials} trials, TPE, SQLite, 64 in flight: "
        f"{1000 * seconds / trials:.1f} ms a trial in all "
        f"({1000 * busy / trials:.1f} of the processor's), of which "
        f"{1000 * statistics.median(ends):.1f} (median) to tell and ask; "
        f"{1000 * statistics.mean(epochs):.2f} ms an epoch report, the last hundred "
        f"{1000 * statistics.mean(epochs[-100:]):.2f} ms",
        flush=True,
    )


def plan_of(**asked: Any) -> Plan:
    """Return a plan for simulated trials in the space `four`."""
    return first_plan(Request(**asked), "simulated", load_space("four"), "0" * 64)


def scaling(jobs: int, seconds: float, rounds: int) -> None:
    """Print how close `jobs` workers come to training `jobs` times as fast as one."""
    os.environ["SLEEP_SECONDS"] = str(seconds)
    trials = jobs * rounds
    training = load_data("digits", os.environ).training
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        save_training_data(place / "data", training)
        worker = (sys.executable, str(HERE / "sleeping_worker.py"))
        executor = LocalExecutor(jobs, place / "log.txt", command=worker)
        try:
            executor.open_data(place / "data")
            while not executor.all_ready:
                executor.events(0.1)
            took, begun = simulated(executor, place, trials, training.about.fingerprint)
        finally:
            executor.close()
    ideal = seconds * rounds
    print(
        f"{jobs} workers, {trials} trials of {seconds:g} s: {took:.1f} s, "
        f"efficiency {100 * ideal / took:.0f} % ({begun})",
        flush=True,
    )


def simulated(
    executor: LocalExecutor, place: Path, trials: int, fingerprint: str
) -> tuple[float, str]:
    """Run a TPE study of sleeping trials of ten epochs; return its seconds and what it was."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = first_plan(
        Request(pruner="none", trials=trials, jobs=executor.slots), "s", space, fingerprint
    )
    storage = open_storage(f"sqlite:///{place}/study.db", plan.name, create=True)
    log = TrialLog(AskedFile(place / "asked.jsonl"), storage, space)
    began = time.perf_counter()
    run_search(SearchTask(plan, space, 100), log, executor, NoWatcher(), Interrupts())
    seconds = time.perf_counter() - began
    assert len(storage.records()) == trials
    storage.close()
    return seconds, "TPE, SQLite"


if __name__ == "__main__":
    main()
