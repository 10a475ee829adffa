"""Where retrainings are done: on warm workers, each outcome written down as it comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from reports.measure_words import value_words
from reports.numbers import duration, percent, plural
from search_spaces.measures import ACCURACY, MEASURES, Measure, MeasureName
from study.confirmation.evaluated import is_evaluated
from study.confirmation.outcomes import Outcome, OutcomeFile, RetrainJob
from study.confirmation.weight_files import WeightFiles
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.executors.protocol import Event, Executor, Failed, Finished, Job
from study.progress.steps import NoSteps, Steps
from study.run_dir.paths import RunDirectory

Say = Callable[[str], None]


@dataclass(frozen=True)
class RetrainContext:
    """All that a retraining needs. `evaluated` tells which weights need not be kept any more.

    `most` trainings are done in all, None where that is not known; `steps` follows them.
    `measure` is what candidates are compared by.
    """

    executor: Executor
    fingerprint: str
    file: OutcomeFile
    weights: WeightFiles
    evaluated: Callable[[str], bool]
    say: Say
    interrupts: Interrupts | None = None
    most: int | None = None
    steps: Steps = field(default_factory=NoSteps)
    measure: Measure = ACCURACY


def retrain_context(
    run: RunDirectory,
    executor: Executor,
    fingerprint: str,
    say: Say,
    interrupts: Interrupts | None,
    measure: MeasureName = "accuracy",
) -> RetrainContext:
    """Return the context of a study's retrainings; the executor's workers hold its data."""
    return RetrainContext(
        executor=executor,
        fingerprint=fingerprint,
        file=OutcomeFile(run.open_lines(run.retrainings)),
        weights=WeightFiles(run),
        evaluated=partial(is_evaluated, run, measure=measure),
        say=say,
        interrupts=interrupts,
        measure=MEASURES[measure],
    )


def retrain(context: RetrainContext, jobs: Sequence[RetrainJob]) -> tuple[Outcome, ...]:
    """Return the outcome of every job; what an earlier run left is not trained again.

    One that failed because workers died is returned but not kept, so that a later run trains it.

    Raises FaultError where an outcome cannot be written down, KeyboardInterrupt when interrupted.
    """
    known = context.file.read()
    missing = {job.key: job for job in jobs if not _is_done(context, job, known)}
    numbered = dict(enumerate(missing.values()))
    taken = known
    if missing:
        context.steps.stage(jobs[0].stage, len(missing))

    def take(event: Event) -> None:
        if isinstance(event, Finished):
            outcome = _finish(context, numbered[event.job], event)
            taken[outcome.key] = outcome
            context.steps.step()
            context.say(
                _outcome_line(context, numbered[event.job], outcome) + _so_far(context, taken)
            )

    ends = run_jobs(
        context.executor,
        [_executor_job(context, number, job) for number, job in numbered.items()],
        take,
        context.interrupts,
    )
    for number, end in ends.items():
        if isinstance(end, Failed):
            outcome = _failure(numbered[number], end)
            if not end.worth_repeating:
                context.file.append(outcome)
            taken[outcome.key] = outcome
            context.steps.step()
            context.say(_outcome_line(context, numbered[number], outcome) + _so_far(context, taken))
    return tuple(taken[job.key] for job in jobs)


def _is_done(context: RetrainContext, job: RetrainJob, known: dict[str, Outcome]) -> bool:
    outcome = known.get(job.key)
    if outcome is None:
        return False
    if job.split is not None or outcome.weights_hash is None:
        return True
    return context.evaluated(outcome.weights_hash) or context.weights.has(outcome.weights_hash)


def _executor_job(context: RetrainContext, number: int, job: RetrainJob) -> Job:
    return Job(
        job=number,
        config=job.candidate.config,
        seed=job.seed,
        fingerprint=context.fingerprint,
        split=job.split,
        keep_weights=job.split is None,
        measure=context.measure.name,
    )


def _finish(context: RetrainContext, job: RetrainJob, event: Finished) -> Outcome:
    result = event.result
    if event.weights is not None:
        context.weights.save(result.weights_hash, event.weights)
    outcome = Outcome(
        key=job.key,
        accuracy=result.accuracy,
        n=result.n,
        epochs=result.epochs,
        kept_epoch=result.kept_epoch,
        seconds=result.seconds,
        weights_hash=result.weights_hash,
        machine=event.machine,
        value=result.value,
    )
    context.file.append(outcome)
    return outcome


def _failure(job: RetrainJob, end: Failed) -> Outcome:
    return Outcome(job.key, None, 0, 0, 0, 0.0, None, end.reason)


def _so_far(context: RetrainContext, taken: dict[str, Outcome]) -> str:
    """Say how many trainings are done and how long the others would take."""
    done = len(taken)
    if context.most is None or done > context.most:
        return f" ({done:,} done)"
    left = context.most - done
    seconds = sum(one.seconds for one in taken.values()) / done
    time = f", about {duration(seconds * left / context.executor.slots)} left" if left else ""
    return f" ({done:,} of at most {context.most:,}{time})"


def _outcome_line(context: RetrainContext, job: RetrainJob, outcome: Outcome) -> str:
    who = f"{job.stage.replace('_', ' ')}: {job.candidate.name}, seed {job.seed}"
    if outcome.reason is not None:
        return f"{who}: failed, {outcome.reason}"
    if job.split is None:
        return f"{who}: trained on train + validation, {plural(outcome.epochs, 'epoch')}"
    reached = percent(outcome.accuracy)
    if outcome.value is not None:
        measure = context.measure
        reached = f"{measure.title} {value_words(measure.name, outcome.value)}, accuracy {reached}"
    return f"{who}: {reached} on validation, n = {outcome.n:,}"
