"""Where retrainings are done: on warm workers, each outcome written down as it comes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from reports.fold_words import rows_words
from reports.measure_words import value_words
from reports.numbers import duration, percent, plural
from search_spaces.measures import ACCURACY, MEASURES, Measure, MeasureName
from study.confirmation.evaluated import is_evaluated
from study.confirmation.outcomes import Outcome, OutcomeFile, RetrainJob
from study.confirmation.weight_files import WeightFiles
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import JobQueue
from study.executors.protocol import Event, Executor, Failed, Finished, Job
from study.progress.steps import NoSteps, Steps
from study.run_dir.paths import RunDirectory

Say = Callable[[str], None]


@dataclass(frozen=True)
class RetrainContext:
    """All that a retraining needs. `evaluated` tells which weights need not be kept any more.

    `most` trainings are done in all, None where that is not known; `steps` follows them.
    `measure` is what candidates are compared by. `jobs` are the trainings that were asked for so
    far, by the number of their job.
    """

    queue: JobQueue
    fingerprint: str
    file: OutcomeFile
    weights: WeightFiles
    evaluated: Callable[[str], bool]
    say: Say
    most: int | None = None
    steps: Steps = field(default_factory=NoSteps)
    measure: Measure = ACCURACY
    jobs: dict[int, RetrainJob] = field(default_factory=dict)

    def job(self, asked: RetrainJob) -> Job:
        """Return the executor's job of a training, under the number that it keeps."""
        keys = {job.key: number for number, job in self.jobs.items()}
        number = keys.get(asked.key, len(self.jobs))
        self.jobs[number] = asked
        return Job(
            job=number,
            config=asked.candidate.config,
            seed=asked.seed,
            fingerprint=self.fingerprint,
            split=asked.split,
            keep_weights=asked.keeps_weights,
            measure=self.measure.name,
        )


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
        queue=JobQueue(executor, interrupts),
        fingerprint=fingerprint,
        file=OutcomeFile(run.open_lines(run.retrainings)),
        weights=WeightFiles(run),
        evaluated=partial(is_evaluated, run, measure=measure),
        say=say,
        measure=MEASURES[measure],
    )


def retrain(
    context: RetrainContext, jobs: Sequence[RetrainJob], ahead: Sequence[RetrainJob] = ()
) -> tuple[Outcome, ...]:
    """Return the outcome of every job; what an earlier run left is not trained again.

    Workers that would idle train what comes `ahead`, in its order: outcomes are written down too.
    One that failed because workers died is returned but not kept, so that a later run trains it.

    Raises FaultError where an outcome cannot be written down, KeyboardInterrupt when interrupted.
    """
    taken = context.file.read()
    missing = {job.key: job for job in jobs if not _is_done(context, job, taken)}
    if missing:
        context.steps.stage(jobs[0].stage, len(missing))
        later = {job.key: job for job in ahead if not _is_done(context, job, taken)}
        _train(context, missing, later, taken)
    return tuple(taken[job.key] for job in jobs)


def drop_split_weights(context: RetrainContext) -> None:
    """Take away weights of trainings on a split, also of those that were trained ahead in vain.

    The winner's validation answers are kept by then, and nobody asks such a network anything else.
    """
    for outcome in context.file.read().values():
        if outcome.accuracy is not None and outcome.weights_hash is not None:
            context.weights.remove(outcome.weights_hash)


def _train(
    context: RetrainContext,
    missing: Mapping[str, RetrainJob],
    later: Mapping[str, RetrainJob],
    taken: dict[str, Outcome],
) -> None:
    """Train what is missing and put every outcome, also of what was done ahead, into `taken`."""

    def end(number: int, outcome: Outcome) -> None:
        job = context.jobs[number]
        taken[outcome.key] = outcome
        if outcome.key in missing:
            context.steps.step()
        context.say(_outcome_line(context, job, outcome) + _so_far(context, taken))

    def take(event: Event) -> None:
        if isinstance(event, Finished):
            end(event.job, _finish(context, context.jobs[event.job], event))

    ends = context.queue.run(
        [context.job(one) for one in missing.values()],
        take,
        [context.job(one) for one in later.values()],
    )
    for number, failed in ends.items():
        if isinstance(failed, Failed):
            outcome = _failure(context.jobs[number], failed)
            if not failed.worth_repeating:
                context.file.append(outcome)
            end(number, outcome)


def _is_done(context: RetrainContext, job: RetrainJob, known: dict[str, Outcome]) -> bool:
    outcome = known.get(job.key)
    if outcome is None:
        return False
    if job.split is not None or outcome.weights_hash is None:
        return True
    return context.evaluated(outcome.weights_hash) or context.weights.has(outcome.weights_hash)


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
    time = f", about {duration(seconds * left / context.queue.executor.slots)} left" if left else ""
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
    return f"{who}: {reached} on validation, {rows_words(outcome.n, job.split.folds)}"
