"""Confirm a study: race, final, one opening of the test split, and what follows from it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from reports.json_record import confirmation_to_json
from reports.record import Comparison, Confirmation, StudyRecord
from reports.statistics.paired import exact_mcnemar
from reports.verdict import against_baseline, against_published, cant_tell
from search_spaces.faults import fault
from study.collect import collect
from study.confirmation.ablation import AblationDesign, run_ablation
from study.confirmation.bench import Bench
from study.confirmation.candidates import Candidate, baseline_of, best_candidates
from study.confirmation.evaluated import is_evaluated
from study.confirmation.final import FinalEnd, Sides, run_final, sides_of
from study.confirmation.findings import confusion, flips, optimism, probability
from study.confirmation.opening import Door
from study.confirmation.options import ConfirmOptions
from study.confirmation.prediction import OpenAsk, predictor_process
from study.confirmation.race import RaceEnd, run_race
from study.confirmation.retrained import OutcomeFile
from study.confirmation.weights import WeightFiles
from study.coordinator.interrupts import Interrupts
from study.data.load import LoadedData
from study.executors.protocol import Executor
from study.ledger import Ledger
from study.plan import read_plan
from study.run_directory import RunDirectory


def utc_now() -> str:
    """Return the time in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def confirm(
    run: RunDirectory,
    loaded: LoadedData,
    executor: Executor,
    options: ConfirmOptions,
    say: Callable[[str], None],
    interrupts: Interrupts | None = None,
    open_ask: OpenAsk | None = None,
) -> Confirmation:
    """Answer whether the search's winner beats the baseline, and write confirmation.json.

    The executor's workers hold the training data. Retrainings and predictions of an earlier call
    are used again. Raises FaultError where data differs from the study's or files cannot be
    written, KeyboardInterrupt when interrupted.
    """
    record = collect(run, options.storage)
    fingerprint = loaded.training.about.fingerprint
    if fingerprint != record.data.fingerprint:
        what = "this is not the data that the study searched on"
        raise fault("--data", what, fingerprint[:16], record.data.fingerprint[:16])
    bench = Bench(
        executor=executor,
        fingerprint=fingerprint,
        file=OutcomeFile(run.retrainings, run.keep_line(run.retrainings)),
        weights=WeightFiles(run),
        evaluated=partial(is_evaluated, run),
        say=say,
        interrupts=interrupts,
    )
    door = Door(run, loaded, open_ask or partial(predictor_process, run.log), utc_now)
    confirmation = _confirm(bench, door, record, options)
    run.write_text(run.confirmation, json.dumps(confirmation_to_json(confirmation), indent=1))
    return confirmation


def _confirm(
    bench: Bench, door: Door, record: StudyRecord, options: ConfirmOptions
) -> Confirmation:
    candidates = best_candidates(record, options.top)
    if not candidates:
        reason = "the search completed no trial other than the baseline"
        return _unanswered(door, record, options, reason)
    share = read_plan(door.run).share
    baseline = baseline_of(record)
    raced = run_race(bench, baseline, candidates, (record.seed, options.rounds, share))
    if raced.winner is None:
        reason = "every candidate failed in the race"
        return replace(_unanswered(door, record, options, reason), retrainings=raced.retrainings)
    sides = sides_of(raced.winner, raced.baseline)
    final = run_final(bench, door, sides, record.seed, options)
    confirmation = _answered(door, record, sides, raced, final)
    if not options.ablate:
        return confirmation
    design = AblationDesign(record.seed, max(2, options.rounds), share)
    # The race's own candidate, so that early stopping stays one of the changes.
    winner = next(one for one in candidates if one.name == sides.winner.name)
    path = run_ablation(bench, baseline, winner, design)
    return replace(
        confirmation,
        ablation=path.steps,
        retrainings=(*confirmation.retrainings, *path.retrainings),
    )


def _unanswered(
    door: Door, record: StudyRecord, options: ConfirmOptions, reason: str
) -> Confirmation:
    size = (0, record.data.test_n)
    told = [cant_tell("the search's best", "baseline", reason, options.margin, size)]
    if record.space.baseline.published is not None:
        told.append(cant_tell("the search's best", "published", reason, options.margin, size))
    ledger = Ledger(door.run.ledger)
    return Confirmation("baseline", (), tuple(told), ledger.lines(), ledger.intact())


def _answered(
    door: Door, record: StudyRecord, sides: Sides, raced: RaceEnd, final: FinalEnd
) -> Confirmation:
    ledger = Ledger(door.run.ledger)
    confirmation = Confirmation(
        winner=sides.winner.name,
        retrainings=(*raced.retrainings, *final.retrainings),
        comparisons=(final.comparison, *_published(record, sides.winner, final)),
        openings=ledger.lines(),
        ledger_intact=ledger.intact(),
    )
    if final.evaluated is None or final.pair is None:
        return confirmation
    both = final.right[sides.winner.name], final.right[sides.baseline.name]
    chance, chance_interval = probability(*both)
    about = door.loaded.training.about
    return replace(
        confirmation,
        probability=chance,
        probability_interval=chance_interval,
        pair=exact_mcnemar(both[0][0], both[1][0]),
        optimism=optimism(record, raced.accuracies, both),
        confusion=confusion(final.evaluated, final.pair.winner, len(about.classes)),
        flips=flips(final.evaluated, final.pair, about),
        equal_compute=_equal_compute(sides, final),
    )


def _published(record: StudyRecord, winner: Candidate, final: FinalEnd) -> tuple[Comparison, ...]:
    published = record.space.baseline.published
    if published is None:
        return ()
    margin, right = final.terms.margin, final.right.get(winner.name)
    size = (final.comparison.seeds, final.comparison.n)
    if right is None or size[0] < 2:
        reason = final.comparison.reason or "there is no final"
        return (cant_tell(winner.name, "published", reason, margin, size),)
    return (against_published(winner.name, right, published, record.data.name, final.terms),)


def _equal_compute(sides: Sides, final: FinalEnd) -> Comparison | None:
    if sides.equal is None or sides.equal.name not in final.right:
        return None
    other = final.right[sides.equal.name]
    if len(other) < 2:
        return None
    right = final.right[sides.winner.name][: len(other)], other
    return against_baseline(sides.winner.name, right, final.terms, "equal compute")
