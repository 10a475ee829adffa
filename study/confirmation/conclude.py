"""Confirm a study: race, final, one opening of the test split, and what follows from it."""

import json
from dataclasses import replace
from functools import partial

from reports.answer_words import headline
from reports.calibration import Calibration
from reports.json_record import confirmation_to_json
from reports.opening import BROKEN_LEDGER
from reports.record import Comparison, Confirmation, StudyRecord
from reports.statistics.paired import exact_mcnemar
from reports.terms import Terms
from reports.trials import BASELINE
from reports.verdict import Against, against_baseline, against_published, cant_tell
from search_spaces.faults import fault
from study.confirmation.ablation import (
    LEAST_SCORING,
    AblationDesign,
    run_ablation,
    sure_orders,
)
from study.confirmation.analysis import confusion, flips, optimism, probability
from study.confirmation.calibrate import calibrate
from study.confirmation.candidates import Candidate, baseline_of, best_candidates
from study.confirmation.final import FinalEnd, Sides, run_final, sides_of, sure_final_orders
from study.confirmation.on_test_split import TestAccess
from study.confirmation.pace import AsAsked, Meeting, Pace
from study.confirmation.race import RaceEnd, run_race
from study.confirmation.retrain import RetrainContext, drop_split_weights, retrain_context
from study.confirmation.terms import earlier_trainings
from study.confirmation.validation_answers import winner_answers
from study.coordinator.interrupts import Interrupts
from study.coordinator.running_trial import search_split
from study.data.load import LoadedData
from study.data.values import Split
from study.executors.protocol import Executor
from study.machine import utc_text
from study.networks.tasks import OpenAsk, network_process, one_process
from study.progress.shown import Shown
from study.record.collect import collect
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.ledger import known_openings, open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan


def confirm(  # noqa: PLR0913, PLR0917 what a confirmation is done with
    run: RunDirectory,
    plan: Plan,
    loaded: LoadedData,
    executor: Executor,
    options: ConfirmOptions,
    shown: Shown,
    interrupts: Interrupts | None = None,
    open_ask: OpenAsk | None = None,
    pace: Pace | None = None,
) -> Confirmation:
    """Answer whether the search's winner beats the baseline, and write confirmation.json.

    The executor's workers hold the training data; `pace` says how far to go where that is not as it
    was asked. Retrainings and predictions of an earlier call are used again. Raises FaultError
    where data differs from the study's or files cannot be written, KeyboardInterrupt when
    interrupted.
    """
    record = collect(run, plan, options.storage)
    fingerprint = loaded.training.about.fingerprint
    if fingerprint != record.data.fingerprint:
        what = "this is not the data that the study searched on"
        raise fault("--data", what, fingerprint[:16], record.data.fingerprint[:16])
    context = retrain_context(run, executor, fingerprint, shown.say, interrupts, record.measure)
    pace = pace or AsAsked()
    most = None if pace.is_timed else options.most_trainings
    context = replace(context, most=most, steps=shown.steps)
    noted = record.confirmation.openings if record.confirmation else ()
    with one_process(open_ask or partial(network_process, run.workers_log)) as ask:
        access = TestAccess(run, loaded, ask, utc_text, noted, record.measure)
        confirmation = _confirm(context, access, record, (search_split(plan), pace), options)
    context.queue.stop_ahead()
    drop_split_weights(context)
    if not confirmation.ledger_intact:
        shown.say(f"{BROKEN_LEDGER} See {run.ledger}.")
    confirmation = replace(confirmation, headline=headline(confirmation))
    run.write_text(run.confirmation, json.dumps(confirmation_to_json(confirmation), indent=1))
    return confirmation


def _confirm(
    context: RetrainContext,
    access: TestAccess,
    record: StudyRecord,
    how: tuple[Split, Pace],
    asked: ConfirmOptions,
) -> Confirmation:
    split, pace = how
    options = pace.before_race(asked)
    if options is None:
        return _unanswered(access, record, asked, pace.reason)
    candidates = best_candidates(record, options.top)
    if not candidates:
        reason = "the search completed no trial other than the baseline"
        return _unanswered(access, record, options, reason)
    baseline = baseline_of(record)
    # Where time decides what comes next, nothing is trained ahead of it.
    first = options.looks[0]
    sure = None if pace.is_timed else sure_final_orders(baseline, record.seed, first)
    design = record.seed, options.rounds, split
    raced = run_race(context, baseline, candidates, design, pace.another_round, sure)
    if raced.winner is None:
        reason = "every candidate failed in the race"
        return replace(_unanswered(access, record, options, reason), retrainings=raced.retrainings)
    # The race's own candidate, so that early stopping stays one of the changes of an ablation.
    winner = next(one for one in candidates if one.name == raced.winner.name)
    training = access.loaded.training
    earlier = earlier_trainings(record, raced.winner.name, raced, training)
    sides = replace(sides_of(raced.winner, raced.baseline), earlier=earlier)
    paced = pace.before_final(context, access, options, Meeting(sides, raced, record.seed))
    if paced is None:
        unanswered = _unanswered(access, record, options, pace.reason)
        return replace(unanswered, retrainings=raced.retrainings)
    ablation = (baseline, winner, _ablation_design(record, paced, split))
    then = sure_orders(*ablation) if paced.ablate and not pace.is_timed else ()
    final = run_final(context, access, sides, record.seed, paced, then)
    confirmation = _answered(access, record, sides, raced, final)
    if final.evaluated is not None and final.pair is not None:
        # In the process that the opening has started; what they say follows from validation rows.
        answers = winner_answers(access, raced, winner, split)
        found = calibrate(answers, training, final.evaluated, final.pair.winner)
        confirmation = _calibrated(confirmation, found)
    if not paced.ablate:
        return confirmation
    path = run_ablation(context, *ablation)
    retrainings = (*confirmation.retrainings, *path.retrainings)
    return replace(confirmation, ablation=path.steps, retrainings=retrainings)


def _calibrated(confirmation: Confirmation, found: Calibration | str) -> Confirmation:
    if isinstance(found, str):
        return replace(confirmation, uncalibrated=found)
    return replace(confirmation, calibration=found)


def _ablation_design(record: StudyRecord, options: ConfirmOptions, split: Split) -> AblationDesign:
    scoring = max(LEAST_SCORING, options.looks[0])
    return AblationDesign(record.seed, max(2, options.rounds), scoring, split)


def _unanswered(
    access: TestAccess, record: StudyRecord, options: ConfirmOptions, reason: str
) -> Confirmation:
    size = (0, record.data.test_n)
    terms = Terms(options.margin, record.measure, record.data.inputs)
    against: list[Against] = ["baseline"]
    if record.space.baseline.published is not None:
        against.append("published")
    answers = [cant_tell("the search's best", other, reason, terms, size) for other in against]
    openings, intact = known_openings(open_ledger(access.run), access.noted)
    return Confirmation(BASELINE, (), tuple(answers), openings, intact)


def _answered(
    access: TestAccess, record: StudyRecord, sides: Sides, raced: RaceEnd, final: FinalEnd
) -> Confirmation:
    openings, intact = known_openings(open_ledger(access.run), access.noted)
    confirmation = Confirmation(
        winner=sides.winner.name,
        retrainings=(*raced.retrainings, *final.retrainings),
        comparisons=(final.comparison, *_published(record, sides.winner, final)),
        openings=openings,
        ledger_intact=intact,
        uncounted=final.terms.uncounted,
    )
    if final.evaluated is None or final.pair is None:
        return confirmation
    both = final.scores[sides.winner.name], final.scores[sides.baseline.name]
    chance, chance_interval = probability(*both)
    about = access.loaded.training.about
    return replace(
        confirmation,
        probability=chance,
        probability_interval=chance_interval,
        pair=exact_mcnemar(both[0].correct[0], both[1].correct[0], final.evaluated.groups),
        optimism=optimism(record, raced.scores, both),
        confusion=confusion(final.evaluated, final.pair.winner, len(about.classes)),
        flips=flips(final.evaluated, final.pair, about),
        equal_compute=_equal_compute(sides, final),
    )


def _published(record: StudyRecord, winner: Candidate, final: FinalEnd) -> tuple[Comparison, ...]:
    published = record.space.baseline.published
    if published is None:
        return ()
    own = final.scores.get(winner.name)
    size = (final.comparison.seeds, final.comparison.n)
    if own is None or final.evaluated is None or size[0] < 2:
        reason = final.comparison.reason or "there is no final"
        return (cant_tell(winner.name, "published", reason, final.terms, size),)
    groups = final.evaluated.groups
    data = record.data.name
    return (against_published(winner.name, own, published, data, final.terms, groups),)


def _equal_compute(sides: Sides, final: FinalEnd) -> Comparison | None:
    if sides.equal is None or sides.equal.name not in final.scores:
        return None
    other = final.scores[sides.equal.name]
    seeds = other.shape[0]
    if seeds < 2:
        return None
    both = final.scores[sides.winner.name].first(seeds), other
    # It is asked once, on the seeds of the first look.
    terms = replace(final.terms, looks=1, look_level=None)
    groups = final.evaluated.groups if final.evaluated else None
    return against_baseline(sides.winner.name, both, terms, "equal compute", groups)
