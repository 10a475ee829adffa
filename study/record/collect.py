"""Collect a run directory into the record that reports and machines read; trains nothing."""

from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports.confirming import Confirming
from reports.data_record import DataRecord
from reports.json_record import confirmation_from_json
from reports.json_values import from_json, parse_json
from reports.record import Confirmation, StudyRecord
from reports.trial_record import State, TrialRecord
from search_spaces.data_source import DataOptions
from search_spaces.parameters import OF_TABLES, UNNAMED, complete_params
from search_spaces.read import read_space
from search_spaces.space import Space
from study.coordinator.early_end import stopped_search
from study.coordinator.history import History, read_history
from study.coordinator.running_trial import unended
from study.record.opened_before import with_openings_before
from study.run_dir.ledger import known_openings, open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan
from study.run_dir.search_options import NO_TOTAL
from study.run_dir.summaries import read_summaries


def collect(
    run: RunDirectory,
    plan: Plan,
    storage: str | None = None,
    *,
    is_running: bool = False,
    place: RunDirectory | None = None,
) -> StudyRecord:
    """Return the whole record of a study with this plan, trials included that have not ended.

    `storage` is the URL to read where the plan's own lost its password. `is_running` says whether a
    process is searching: then such trials are running, else they were interrupted. `place` is where
    the study lies among others, where `run` is a copy from elsewhere. Raises FaultError where
    something is missing or damaged.
    """
    confirmation = _confirmation(run)
    among = run if place is None else replace(place, replica=run.replica)
    left_out = None if confirmation is None else confirmation.uncounted
    data = with_openings_before(read_data_record(run), among, plan.created, left_out)
    space = read_space(run.read_text(run.space), str(run.space))
    history = read_history(run, plan, storage)
    return StudyRecord(
        name=plan.name,
        created=plan.created,
        data=data,
        space=space,
        space_fingerprint=plan.space_fingerprint,
        seed=plan.seed,
        split_seed=plan.split_seed,
        sampler=plan.sampler,
        pruner=plan.pruner,
        jobs=plan.jobs,
        trials_asked=_total(plan, history),
        versions=plan.versions,
        machine=plan.machine,
        trials=_trials(history, (plan, data), space, is_running=is_running),
        stop_when=plan.stop_when,
        stopped=stopped_search(plan, space, data.test_n, history),
        running=is_running,
        budget_seconds=plan.budget_seconds,
        planned=plan.planned,
        summaries=read_summaries(run),
        confirmation=confirmation,
        confirming=_confirming(run, plan),
        candidates=plan.candidates,
        data_file=Path(plan.data).name,
        read_as=_without_folders(plan.data_options()),
        measure=plan.scored_by,
        folds=plan.folds,
    )


def _total(plan: Plan, history: History) -> int:
    """Return the total of trials; where only a budget ends the search, how many it has time for.

    There are no fewer than were asked already: a study may be resumed with a smaller total.
    """
    total = plan.trials if plan.trials < NO_TOTAL else plan.planned.trials
    return max(total, len({trial.order for trial in history.asked}))


def _without_folders(options: DataOptions) -> DataOptions:
    # A page may be shown to others: it tells no paths of this machine.
    return replace(options, test_data=Path(options.test_data).name)


def read_data_record(run: RunDirectory) -> DataRecord:
    """Return what the study's data is; raises FaultError where the file is missing or damaged."""
    return from_json(DataRecord, _read_json(run, run.data), str(run.data))


def _trials(
    history: History, study: tuple[Plan, DataRecord], space: Space, *, is_running: bool
) -> tuple[TrialRecord, ...]:
    plan, data = study
    state: State = "running" if is_running else "interrupted"
    others = tuple(
        unended(trial, data.validation_n, state, plan.folds) for trial in history.in_flight()
    )
    found = sorted(history.recorded + others, key=lambda trial: trial.number)
    named = UNNAMED & (
        {one.name for one in space.parameters} | (OF_TABLES if data.columns else set())
    )
    is_named = bool(named) and space.network == "dense"
    return tuple(_naming(named, trial) for trial in found) if is_named else tuple(found)


def _naming(named: Set[str], trial: TrialRecord) -> TrialRecord:
    """Name these parameters where they have their defaults, too, which a config leaves out."""
    complete = complete_params(f"trial {trial.number}", trial.config)
    left_out = UNNAMED - named - trial.config.keys()
    config = {name: value for name, value in complete.items() if name not in left_out}
    return replace(trial, config=config)


def _confirming(run: RunDirectory, plan: Plan) -> Confirming | None:
    if run.confirmation.exists() or not run.retrainings.exists():
        return None
    done = len(run.open_lines(run.retrainings).lines())
    most = None if plan.budget_seconds else plan.confirm_options(None).most_trainings
    return Confirming(done, None if most is None else max(done, most), plan.confirm)


def _confirmation(run: RunDirectory) -> Confirmation | None:
    if not run.confirmation.exists():
        return None
    found = confirmation_from_json(_read_json(run, run.confirmation), str(run.confirmation))
    # The ledger is read again each time: it may have been lost or edited since.
    openings, intact = known_openings(open_ledger(run), found.openings)
    return replace(found, openings=openings, ledger_intact=found.ledger_intact and intact)


def _read_json(run: RunDirectory, path: Path) -> dict[str, Any]:
    return parse_json(run.read_text(path), str(path))
