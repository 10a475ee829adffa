"""Where retrainings are done: on warm workers, each outcome written down as it comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reports.numbers import percent
from study.confirmation.evaluated import is_evaluated
from study.confirmation.outcomes import Outcome, OutcomeFile, RetrainJob
from study.confirmation.weight_files import WeightFiles
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.executors.protocol import Event, Executor, Failed, Finished, Job
from study.run_dir.paths import RunDirectory

Say = Callable[[str], None]


@dataclass(frozen=True)
class RetrainContext:
    """All that a retraining needs. `evaluated` tells which weights need not be kept any more."""

    executor: Executor
    fingerprint: str
    file: OutcomeFile
    weights: WeightFiles
    evaluated: Callable[[str], bool]
    say: Say
    interrupts: Interrupts | None = None


def retrain_context(
    run: RunDirectory,
    executor: Executor,
    fingerprint: str,
    say: Say,
    interrupts: Interrupts | None,
) -> RetrainContext:
    """Return the context of a study's retrainings; the executor's workers hold its data."""
    return RetrainContext(
        executor=executor,
        fingerprint=fingerprint,
        file=OutcomeFile(run.open_lines(run.retrainings)),
        weights=WeightFiles(run),
        evaluated=partial(is_evaluated, run),
        say=say,
        interrupts=interrupts,
    )


def retrain(context: RetrainContext, orders: Sequence[RetrainJob]) -> tuple[Outcome, ...]:
    """Return the outcome of every order; what an earlier run left is not trained again.

    One that failed because workers died is told but not kept, so that a later run trains it.

    Raises FaultError where an outcome cannot be written down, KeyboardInterrupt when interrupted.
    """
    known = context.file.read()
    missing = {order.key: order for order in orders if not _is_done(context, order, known)}
    jobs = dict(enumerate(missing.values()))
    taken = known

    def take(event: Event) -> None:
        if isinstance(event, Finished):
            outcome = _finish(context, jobs[event.job], event)
            taken[outcome.key] = outcome
            context.say(_told(jobs[event.job], outcome))

    ends = run_jobs(
        context.executor,
        [_job(context, number, order) for number, order in jobs.items()],
        take,
        context.interrupts,
    )
    for number, end in ends.items():
        if isinstance(end, Failed):
            outcome = _failure(jobs[number], end)
            if not end.worth_repeating:
                context.file.append(outcome)
            taken[outcome.key] = outcome
            context.say(_told(jobs[number], outcome))
    return tuple(taken[order.key] for order in orders)


def _is_done(context: RetrainContext, order: RetrainJob, known: dict[str, Outcome]) -> bool:
    outcome = known.get(order.key)
    if outcome is None:
        return False
    if order.split is not None or outcome.weights_hash is None:
        return True
    return context.evaluated(outcome.weights_hash) or context.weights.has(outcome.weights_hash)


def _job(context: RetrainContext, number: int, order: RetrainJob) -> Job:
    return Job(
        job=number,
        config=order.candidate.config,
        seed=order.seed,
        fingerprint=context.fingerprint,
        split=order.split,
        keep_weights=order.split is None,
    )


def _finish(context: RetrainContext, order: RetrainJob, event: Finished) -> Outcome:
    result = event.result
    if event.weights is not None:
        context.weights.save(result.weights_hash, event.weights)
    outcome = Outcome(
        key=order.key,
        accuracy=result.accuracy,
        n=result.n,
        epochs=result.epochs,
        kept_epoch=result.kept_epoch,
        seconds=result.seconds,
        weights_hash=result.weights_hash,
    )
    context.file.append(outcome)
    return outcome


def _failure(order: RetrainJob, end: Failed) -> Outcome:
    return Outcome(order.key, None, 0, 0, 0, 0.0, None, end.reason)


def _told(order: RetrainJob, outcome: Outcome) -> str:
    who = f"{order.stage.replace('_', ' ')}: {order.candidate.name}, seed {order.seed}"
    if outcome.reason is not None:
        return f"{who}: failed, {outcome.reason}"
    if order.split is None:
        return f"{who}: trained on train + validation, {outcome.epochs} epochs"
    return f"{who}: {percent(outcome.accuracy)} on validation, n = {outcome.n:,}"
