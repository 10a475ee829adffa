"""Many studies of a space in which every config is the baseline itself: how often BEATS?

The space searches only `rho`, which Adam does not have, so all its configs train alike. Under
paired seeds they would even be the same networks to the bit, and nothing could ever differ; so the
searched configs get seeds of their own here. Real trainings, the product's own search, race, final
and verdict, of digits or a table and by any measure. Each study has a folder of its own, so that
its answer is from a first opening; on accuracy, the table also takes ten at a time as the studies
of one user on one test split.

    python benchmarks/null_study.py [--studies 120] [--jobs 1] [--quick]
    python benchmarks/null_study.py --data wine --measure log_loss --studies 200

120 studies are enough to tell 2.5 % of false answers from 10 %, and take about three quarters of an
hour of two cores; --quick is 8 studies in a few minutes, and tells a broken verdict only.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from parts.no_user_ledger import leave_user_ledger_alone
from parts.null_answers import NullAnswer, null_table
from scipy.special import bdtrc

from reports.record import Comparison, Confirmation
from reports.trials import BASELINE
from search_spaces.measures import MEASURE_NAMES, MeasureName
from study.config import TrainConfig
from study.confirmation.conclude import confirm
from study.confirmation.evaluated import read_evaluated
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.data.store import save_training_data
from study.executors.local import LocalExecutor
from study.executors.protocol import Event, Job
from study.networks.tasks import Ask, network_process
from study.progress.shown import SILENT
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.workflows.request import Request
from study.workflows.stages import begin, open_trials, search

PROMISED = 0.025
# A number of BEATS that is rarer than this under the promise breaks it.
RARE = 0.01

SPACE = """
name = "null"
about = "Every config is the baseline itself"

[parameters.rho]
type = "float"
low = 0.5
high = 0.95

[fixed]
depth = 1
width = 64
batch_size = 32
epochs = 5

[baseline]
depth = 1
width = 64
batch_size = 32
epochs = 5
"""


class OwnSeeds:
    """Give configs that are not the baseline other seeds than their pair has."""

    def __init__(self, executor: LocalExecutor) -> None:
        self._executor = executor

    @property
    def slots(self) -> int:
        """Return how many jobs can run at once."""
        return self._executor.slots

    def start(self, job: Job) -> None:
        """Begin a job, under another seed where its config is no baseline."""
        assert isinstance(job.config, TrainConfig)
        other = job.config.rho != 0.9
        self._executor.start(replace(job, seed=job.seed ^ 0x5A5A5A) if other else job)

    def stop(self, job: int) -> None:
        """Ask a job to end."""
        self._executor.stop(job)

    def kill(self, job: int) -> None:
        """End a job at once."""
        self._executor.kill(job)

    def events(self, timeout: float) -> list[Event]:
        """Wait for events."""
        return self._executor.events(timeout)

    def close(self) -> None:
        """End every worker."""
        self._executor.close()


@dataclass(frozen=True)
class Question:
    """What each study is about: its data by name, and its measure."""

    data: str
    measure: MeasureName


def one_study(
    folder: Path, seed: int, question: Question, executor: LocalExecutor, ask: Ask
) -> tuple[Comparison, NullAnswer]:
    """Search ten configs, confirm, and return the answer against the re-run baseline."""
    run = RunDirectory(folder / f"user-{seed}" / "null")
    run.create()
    space = str(folder / "null.toml")
    given = {"space": space, "trials": 10, "seed": seed, "pruner": "none", **asdict(question)}
    request = Request(given, jobs=1)
    begun = begin(
        run, find_plan(run), request, os.environ, partial(save_training_data, run.shared_data)
    )
    executor.open_data(run.shared_data)
    storage = open_trials(run, begun.plan, None)
    search(run, begun, storage, executor, NoCallbacks(), Interrupts())
    confirmation = confirm(
        run,
        begun.plan,
        begun.loaded,
        OwnSeeds(executor),
        ConfirmOptions(),
        SILENT,
        open_ask=lambda: nullcontext(ask),
    )
    return confirmation.comparisons[0], predictions(run, confirmation)


def predictions(run: RunDirectory, confirmation: Confirmation) -> NullAnswer:
    """Return what the final's networks predicted on the test split."""
    found = read_evaluated(run)
    assert found is not None
    sides = [
        [
            str(one.weights_hash)
            for one in confirmation.retrainings
            if one.stage == "final" and one.candidate == name
        ]
        for name in (confirmation.winner, BASELINE)
    ]
    return NullAnswer(found.correct(sides[0]), found.correct(sides[1]))


def main() -> int:
    """Run the studies, print answers and table, and return 1 where BEATS came too often."""
    leave_user_ledger_alone()
    parser = argparse.ArgumentParser(description="Studies without anything to find")
    parser.add_argument("--studies", type=int, default=120)
    parser.add_argument("--quick", action="store_true", help="8 studies")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data", default="digits", help="digits, iris, wine or breast_cancer")
    parser.add_argument("--measure", choices=MEASURE_NAMES, default="accuracy")
    options = parser.parse_args()
    question = Question(options.data, options.measure)
    studies: int = 8 if options.quick else options.studies
    began = time.perf_counter()
    said: Counter[str] = Counter()
    answers: list[NullAnswer] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "null.toml").write_text(SPACE)
        executor = LocalExecutor(options.jobs, folder / "log.txt")
        stack.callback(executor.close)
        ask = stack.enter_context(network_process(folder / "log.txt"))
        for seed in range(studies):
            comparison, answer = one_study(folder, seed, question, executor, ask)
            said[comparison.answer] += 1
            answers.append(answer)
            print(comparison.sentence, flush=True)
    counts = ", ".join(f"{answer} {count}" for answer, count in said.most_common())
    about = f"{question.data}, {question.measure}"
    print(f"{studies} studies without a gain ({about}): {counts}")
    print(f"{time.perf_counter() - began:.0f} s")
    if question.measure == "accuracy":
        return int(null_table(answers))
    too_often = bdtrc(said["BEATS"] - 1, studies, PROMISED) if said["BEATS"] else 1.0
    print(f"so many BEATS, where 2.5 % are promised, have probability {too_often:.3f}")
    return int(too_often < RARE)


if __name__ == "__main__":
    sys.exit(main())
