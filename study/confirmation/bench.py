"""Where retrainings are done: on warm workers, each outcome written down as it comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.numbers import percent
from study.confirmation.retrained import Order, Outcome, OutcomeFile
from study.confirmation.weights import WeightFiles
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.executors.protocol import Event, Executor, Failed, Finished, Job

Say = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """All that a retraining needs. `evaluated` tells which weights need not be kept any more."""

    executor: Executor
    fingerprint: str
    file: OutcomeFile
    weights: WeightFiles
    evaluated: Callable[[str], bool]
    say: Say
    interrupts: Interrupts | None = None


def retrain(bench: Bench, orders: Sequence[Order]) -> tuple[Outcome, ...]:
    """Return the outcome of every order; what an earlier run left is not trained again.

    One that failed because workers died is told but not kept, so that a later run trains it.

    Raises FaultError where an outcome cannot be written down, KeyboardInterrupt when interrupted.
    """
    known = bench.file.read()
    missing = {order.key: order for order in orders if not _is_done(bench, order, known)}
    jobs = dict(enumerate(missing.values()))
    taken = known

    def take(event: Event) -> None:
        if isinstance(event, Finished):
            outcome = _finish(bench, jobs[event.job], event)
            taken[outcome.key] = outcome
            bench.say(_told(jobs[event.job], outcome))

    ends = run_jobs(
        bench.executor,
        [_job(bench, number, order) for number, order in jobs.items()],
        take,
        bench.interrupts,
    )
    for number, end in ends.items():
        if isinstance(end, Failed):
            outcome = _failure(jobs[number], end)
            if not end.worth_repeating:
                bench.file.append(outcome)
            taken[outcome.key] = outcome
            bench.say(_told(jobs[number], outcome))
    return tuple(taken[order.key] for order in orders)


def _is_done(bench: Bench, order: Order, known: dict[str, Outcome]) -> bool:
    outcome = known.get(order.key)
    if outcome is None:
        return False
    if order.split is not None or outcome.weights_hash is None:
        return True
    return bench.evaluated(outcome.weights_hash) or bench.weights.has(outcome.weights_hash)


def _job(bench: Bench, number: int, order: Order) -> Job:
    return Job(
        job=number,
        config=order.candidate.config,
        seed=order.seed,
        fingerprint=bench.fingerprint,
        split=order.split,
        keep_weights=order.split is None,
    )


def _finish(bench: Bench, order: Order, event: Finished) -> Outcome:
    result = event.result
    if event.weights is not None:
        bench.weights.save(result.weights_hash, event.weights)
    outcome = Outcome(
        key=order.key,
        accuracy=result.accuracy,
        n=result.n,
        epochs=result.epochs,
        kept_epoch=result.kept_epoch,
        seconds=result.seconds,
        weights_hash=result.weights_hash,
    )
    bench.file.append(outcome)
    return outcome


def _failure(order: Order, end: Failed) -> Outcome:
    return Outcome(order.key, None, 0, 0, 0, 0.0, None, end.reason)


def _told(order: Order, outcome: Outcome) -> str:
    who = f"{order.stage.replace('_', ' ')}: {order.candidate.name}, seed {order.seed}"
    if outcome.reason is not None:
        return f"{who}: failed, {outcome.reason}"
    if order.split is None:
        return f"{who}: trained on train + validation, {outcome.epochs} epochs"
    return f"{who}: {percent(outcome.accuracy)} on validation, n = {outcome.n:,}"
