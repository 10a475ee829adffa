"""The final: winner and baseline on train + validation, then the test split, opened once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.opening import Purpose
from reports.record import Comparison, Retraining
from reports.statistics.looks import look_levels
from reports.statistics.scores import Scores
from reports.terms import Earlier, Terms
from reports.verdict import against_baseline, cant_tell
from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.confirmation.candidates import Candidate
from study.confirmation.evaluated import Evaluated, Pair
from study.confirmation.on_test_split import (
    TestAccess,
    evaluate,
    standing_looks,
)
from study.confirmation.outcomes import OnTest, Outcome, RetrainJob, as_retraining
from study.confirmation.retrain import RetrainContext, retrain
from study.confirmation.terms import terms_of
from study.engine.seeds import derive_seed
from study.executors.own_config import Config, OwnConfig
from study.run_dir.confirm_options import MOST_SEEDS, ConfirmOptions


@dataclass(frozen=True)
class Sides:
    """Who meets in the final; `equal` is the baseline with the winner's epochs and width.

    `equal` is None where that is the baseline or the winner itself. `earlier` is how the winner's
    trainings in search and race ended.
    """

    winner: Candidate
    baseline: Candidate
    equal: Candidate | None
    earlier: Earlier | None = None


@dataclass(frozen=True, eq=False)
class FinalEnd:
    """All of the final; `scores` are by candidate, and `evaluated` is None if training failed.

    `pair` are the weights of winner and baseline under the first seed.
    """

    comparison: Comparison
    terms: Terms
    retrainings: tuple[Retraining, ...]
    scores: dict[str, Scores]
    evaluated: Evaluated | None
    pair: Pair | None


def sides_of(winner: Candidate, baseline: Candidate) -> Sides:
    """Pair the winner with the baseline, and with the baseline of the same epochs and width.

    What takes time in a user's own network only its user knows: it has no such third.
    """
    best, base = winner.config, baseline.config
    if isinstance(best, OwnConfig) or isinstance(base, OwnConfig):
        return Sides(winner, baseline, None)
    config = replace(base, epochs=best.epochs, width=best.width)
    is_another = config.key not in (best.key, base.key)
    name = "baseline, same epochs and width"
    return Sides(winner, baseline, Candidate(name, config) if is_another else None)


def run_final(
    context: RetrainContext,
    access: TestAccess,
    sides: Sides,
    study_seed: int,
    options: ConfirmOptions,
    then: Sequence[RetrainJob] = (),
) -> FinalEnd:
    """Train both under paired seeds and open the test split for all their weights at once.

    Seeds that an earlier final of these sides was opened with are all answered on. With `auto`
    there are planned looks, each with more seeds and an opening of its own; they end when one
    decides. Workers that would idle train what comes `then`.
    """
    looks = standing_looks(access.openings(), sides.winner.name, options.looks)
    if looks != options.looks:
        context.say(f"this final was opened before: its answer is that on {looks[-1]} seeds each")
    for number, seeds in enumerate(looks, start=1):
        orders = final_orders(sides, study_seed, seeds, looks[0])
        outcomes = retrain(context, orders, then)
        failed = _failure(orders, outcomes) or _earlier_failure(context, sides, study_seed)
        if failed is not None:
            return _failed(
                sides,
                orders,
                outcomes,
                (failed, seeds),
                Terms(options.margin, access.measure, access.loaded.training.about.inputs),
            )
        planned = (number, len(looks)) if len(looks) > 1 else (None, None)
        purpose = Purpose("final", sides.winner.name, seeds, *planned)
        context.steps.stage("test")
        found = evaluate(access, _networks(orders, outcomes), _pair(sides, outcomes), purpose)
        _drop_weights(context, sides, outcomes)
        terms = terms_of(access, options.margin, sides.earlier)
        level = look_levels(looks, terms.level)[number - 1]
        terms = replace(terms, looks=len(looks), look_level=level)
        end = _end(sides, list(zip(orders, outcomes, strict=True)), found, terms)
        context.say(end.comparison.sentence)
        if end.comparison.answer != "CAN'T TELL":
            break
    return end


def sure_final_orders(baseline: Candidate, study_seed: int, first: int) -> list[RetrainJob]:
    """List those of a final that the race decides nothing about: the baseline's, of `first` seeds.

    There are none where the race fixes its epochs.
    """
    if not isinstance(baseline.config, TrainConfig) or baseline.config.patience:
        return []
    orders = final_orders(Sides(baseline, baseline, None), study_seed, first, first)
    return orders[1::2]


def final_orders(sides: Sides, study_seed: int, seeds: int, first: int) -> list[RetrainJob]:
    """List the final's retrainings; equal compute has the seeds of the first look alone."""
    drawn = [derive_seed(study_seed, "final", number) for number in range(seeds)]
    orders = [
        RetrainJob("final", side, seed, None)
        for seed in drawn
        for side in (sides.winner, sides.baseline)
    ]
    if sides.equal is not None:
        orders += [RetrainJob("equal_compute", sides.equal, seed, None) for seed in drawn[:first]]
    return orders


def _failure(orders: Sequence[RetrainJob], outcomes: Sequence[Outcome]) -> str | None:
    for order, outcome in zip(orders, outcomes, strict=True):
        if outcome.weights_hash is None and order.stage == "final":
            return _failing(order, outcome)
    return None


def _earlier_failure(context: RetrainContext, sides: Sides, study_seed: int) -> str | None:
    """Find a training that failed when more seeds were asked for: fewer do not undo it."""
    failed = {key: one for key, one in context.file.read().items() if one.weights_hash is None}
    if not failed:
        return None
    orders = final_orders(replace(sides, equal=None), study_seed, MOST_SEEDS, 0)
    return next((_failing(one, failed[one.key]) for one in orders if one.key in failed), None)


def _failing(order: RetrainJob, outcome: Outcome) -> str:
    return f"{order.candidate.name} failed under seed {order.seed}: {outcome.reason}"


def _failed(
    sides: Sides,
    orders: Sequence[RetrainJob],
    outcomes: Sequence[Outcome],
    failure: tuple[str, int],
    terms: Terms,
) -> FinalEnd:
    # Answering from the seeds that went well would favour whoever fails more.
    reason, seeds = failure
    comparison = cant_tell(sides.winner.name, "baseline", reason, terms, (seeds, 0))
    rows = tuple(as_retraining(a, b, None) for a, b in zip(orders, outcomes, strict=True))
    return FinalEnd(comparison, terms, rows, {}, None, None)


def _networks(orders: Sequence[RetrainJob], outcomes: Sequence[Outcome]) -> dict[str, Config]:
    return {
        outcome.weights_hash: order.candidate.config
        for order, outcome in zip(orders, outcomes, strict=True)
        if outcome.weights_hash is not None
    }


def _drop_weights(context: RetrainContext, sides: Sides, outcomes: Sequence[Outcome]) -> None:
    """Keep the weights of the pair alone: predictions hold all that the others were kept for."""
    kept = _pair(sides, outcomes).names.values()
    for outcome in outcomes:
        if outcome.weights_hash is not None and outcome.weights_hash not in kept:
            context.weights.remove(outcome.weights_hash)


def _pair(sides: Sides, outcomes: Sequence[Outcome]) -> Pair:
    # The orders begin with winner and baseline under the first seed.
    first, second = outcomes[:2]
    return Pair(sides.winner.name, str(first.weights_hash), str(second.weights_hash))


def _end(
    sides: Sides, trained: list[tuple[RetrainJob, Outcome]], found: Evaluated, terms: Terms
) -> FinalEnd:
    scores: dict[str, Scores] = {}
    for name in {order.candidate.name: None for order, _ in trained}:
        hashes = [b.weights_hash for a, b in trained if a.candidate.name == name]
        if all(hashes):
            scores[name] = found.scores([str(one) for one in hashes], terms.measure)
    rows = tuple(
        as_retraining(a, b, _test(found, b.weights_hash, terms.measure)) for a, b in trained
    )
    both = scores[sides.winner.name], scores[sides.baseline.name]
    seeds, n = both[0].shape
    if seeds > 1:
        comparison = against_baseline(sides.winner.name, both, terms, groups=found.groups)
    else:
        reason = "one seed each does not show how much seeds differ"
        comparison = cant_tell(sides.winner.name, "baseline", reason, terms, (seeds, n))
    return FinalEnd(
        comparison, terms, rows, scores, found, _pair(sides, [one for _, one in trained])
    )


def _test(found: Evaluated, weights_hash: str | None, measure: MeasureName) -> OnTest | None:
    if weights_hash is None:
        return None
    own = found.scores([weights_hash], measure)
    accuracy = float(own.accuracies[0])
    return OnTest(accuracy, own.shape[1], None if own.rows is None else own.value)
