"""The main job, from a request to an answer: search, confirmation, report, bundle."""

import importlib
import shlex
from dataclasses import replace

from reports.record import StudyRecord
from study.coordinator.callbacks import AllCallbacks
from study.exporters.live_export import exported_live
from study.exporters.live_messages import OPTION
from study.progress.logged import written_down
from study.progress.shown import Shown
from study.progress.steps import stages_of_job
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.run_dir.urls import redact_url
from study.workflows.request import Request, asked_option
from study.workflows.workers import opened_workplace


def run_study(run: RunDirectory, request: Request, shown: Shown) -> StudyRecord:
    """Do the whole job; raises FaultError, KeyboardInterrupt when stopped on the way.

    Workers are warm from the first trial to the bundle, and end with this function. What the
    request logs to is written meanwhile, and once more at the end.
    """
    old = find_plan(run)
    confirm, ablate = (asked_option(request, old, one) for one in ("confirm", "ablate"))
    shown.steps.plan(stages_of_job(confirm=bool(confirm), ablate=bool(ablate)))
    shown.steps.stage("start")
    with (
        exported_live(run, request.storage, request.log_to, shown.say) as live,
        opened_workplace(
            run,
            request.place,
            request.jobs,
            shown.say,
            request.storage,
            may_begin=True,
            network=request.network,
        ) as workplace,
    ):
        if request.log_to:
            shown = replace(shown, callbacks=AllCallbacks([shown.callbacks, live]))
        # What the stages need takes a second to import: workers import TensorFlow meanwhile.
        stages = importlib.import_module("study.workflows.stages")
        with written_down(shown, workplace.run, "the study's run") as followed:
            record: StudyRecord = stages.run_stages(workplace, request, followed)
        return record


def how_to_go_on(run: RunDirectory, request: Request) -> str:
    """Return the command that continues a study where it was; a password is not in it.

    A study that was stopped before it had a plan has not begun: there is nothing to continue.
    """
    if not run.exists():
        return "Stopped before the study had begun; nothing is kept."
    words = ["dense-study", "resume", run.name, *request.place.as_options()]
    for one in request.log_to:
        words += [OPTION, one.as_words()]
    if request.storage and redact_url(request.storage) != request.storage:
        words += ["--storage", request.storage]
    if str(run.root.parent) != "runs":
        words += ["--runs-dir", str(run.root.parent)]
    command = redact_url(shlex.join(words))
    return f"Stopped; all that was recorded is kept. To continue: {command}"
