"""Train a few probes, to predict what a run would cost and could detect."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from reports.numbers import InputsWord
from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.measures import AskedMeasure, scored_by
from search_spaces.read import load_space
from study.confirmation.probe import Probes, ProbeTask, probe
from study.data.load import load_data
from study.data.suitable import check_space
from study.engine.seeds import search_split_seed
from study.executors.choose import THIS_MACHINE
from study.machine import CLOCKS
from study.networks.tasks import network_process
from study.run_dir.temporary import temporary_run
from study.workflows.folding import default_folds, said_of_folds
from study.workflows.workers import opened_workplace


@dataclass(frozen=True)
class Question:
    """What is asked of the probes: where they are trained, and the study they stand for.

    `folds` are those of a trial, None for the default.
    """

    space: str
    data: str
    seed: int
    probes: int
    jobs: int
    data_options: DataOptions = AS_IT_IS
    measure: AskedMeasure = "accuracy"
    folds: int | None = None


def ask_probes(
    question: Question, say: Callable[[str], None]
) -> tuple[Probes, tuple[int, int | None, InputsWord], float]:
    """Train the probes on workers; return what they found, and how many test images there are.

    The number of groups in which these come is beside it, None where each stands for itself, and
    what they are called. Last comes the moment at which the probes began, by the clock that nobody
    sets.
    """
    space = load_space(question.space)
    loaded = load_data(question.data, os.environ, say, question.data_options)
    check_space(space, loaded.training.about)
    folds = question.folds or default_folds(loaded.training, search_split_seed(question.seed))
    scoring = said_of_folds(folds, loaded.training, is_asked=question.folds is not None)
    with (
        temporary_run() as run,
        opened_workplace(run, THIS_MACHINE, question.jobs, say) as workplace,
        network_process(run.workers_log) as ask,
    ):
        workplace.open_data(loaded.training)
        ready = CLOCKS.seconds()
        say("training probes: the baseline and random configs, on the validation split alone")
        measure = scored_by(question.measure, loaded.training.about.weight)
        asked = question.seed, question.probes, measure
        task = ProbeTask(space, loaded.training, *asked, folds)
        found = probe(task, workplace.executor, ask, workplace.interrupts)
        found = replace(found, scoring=scoring)
    tested = loaded.test.test_n, loaded.concerns.test_groups, loaded.training.about.inputs
    return found, tested, ready
