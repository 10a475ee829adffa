"""Start a study with another space that takes over the trials of one that fit it."""

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from reports.budget import Planned
from reports.record import StudyRecord
from reports.stopped import NEVER
from reports.trial_record import Origin, TrialRecord
from reports.trials import has_ended
from search_spaces.active import baseline_params, check_params, full_params, searched_params
from search_spaces.faults import fault
from search_spaces.fingerprint import space_fingerprint
from search_spaces.space import Space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.engine.seeds import trial_seed
from study.machine import machine, utc_text, versions
from study.record.collect import collect
from study.record.snapshot import Snapshot
from study.run_dir.leftovers import on_its_way_in, sweep_folders
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, check_is_dense, storage_url, write_plan
from study.run_dir.search_options import NO_TOTAL
from study.workflows.kept_space import kept_space


@dataclass(frozen=True)
class CarriedTrial:
    """A trial as the new study has it; `of` is its number in the old one, None for a new trial.

    `recorded` is None where it is still to be trained: only the baseline.
    """

    of: int | None
    asked: AskedTrial
    recorded: TrialRecord | None


@dataclass(frozen=True)
class Inheritance:
    """What a new study takes over, its baseline first; `left` are old numbers that do not fit."""

    carried: tuple[CarriedTrial, ...]
    left: tuple[int, ...]


def inherit(trials: Sequence[TrialRecord], space: Space, seed: int) -> Inheritance:
    """Return the trials whose config is a point of the space, with params as the space has them.

    Trials that ended count, lost attempts and running ones do not. Where no old trial has the
    baseline's config, the baseline is asked anew, since it is always trial 0.
    """
    ended = [trial for trial in trials if has_ended(trial) and not trial.lost]
    fitting = [trial for trial in ended if _fits(trial, space)]
    left = tuple(trial.number for trial in ended if trial not in fitting)
    baseline = config_from_params(baseline_params(space))
    own = [
        trial
        for trial in fitting
        if trial.state == "complete" and config_from_params(trial.config) == baseline
    ]
    if own:
        rest = [trial for trial in fitting if trial is not own[0]]
        carried = [_carry(trial, order, space) for order, trial in enumerate([own[0], *rest])]
    else:
        carried = [_carry(trial, order, space) for order, trial in enumerate(fitting, 1)]
        carried.insert(0, _baseline(space, seed))
    return Inheritance(tuple(carried), left)


def _fits(trial: TrialRecord, space: Space) -> bool:
    searched = searched_params(space, trial.config)
    there = config_from_params(full_params(space, searched))
    return there == config_from_params(trial.config) and not check_params(space, searched, "trial")


def _carry(trial: TrialRecord, order: int, space: Space) -> CarriedTrial:
    params = searched_params(space, trial.config)
    origin: Origin = "baseline" if order == 0 else "search"
    asked = AskedTrial(order, order, origin, params, config_from_params(trial.config), trial.seed)
    recorded = replace(trial, number=order, origin=origin, params=params, retry_of=None)
    return CarriedTrial(trial.number, asked, recorded)


def _baseline(space: Space, seed: int) -> CarriedTrial:
    params = baseline_params(space)
    searched = searched_params(space, params)
    config = config_from_params(params)
    asked = AskedTrial(0, 0, "baseline", searched, config, trial_seed(seed, 0))
    return CarriedTrial(None, asked, None)


@dataclass(frozen=True)
class Extension:
    """What the new study is: its run directory, space (and as it was given) and total of trials.

    `trials` is None for as many new trials as the old study has in all.
    """

    run: RunDirectory
    space: Space
    given: str
    trials: int | None


def extend_study(old: Snapshot, new: Extension, storage: str | None) -> Inheritance:
    """Write the new study's directory, whole or not at all, and return what it took over.

    Raises FaultError.
    """
    if new.run.exists():
        raise fault("--name", "there is such a study already", new.run.name)
    plan = old.plan
    check_is_dense(plan)
    if space_fingerprint(new.space) == plan.space_fingerprint:
        raise fault("--space", "it is the study's own space", new.given, "another space")
    record = collect(old.run, plan, storage)
    taken = inherit(record.trials, new.space, plan.seed)
    sweep_folders(new.run.root.parent)
    made = RunDirectory(on_its_way_in(new.run.root))
    made.create()
    try:
        _write(made, old, record, new, taken)
        # Where another process has made such a study meanwhile, the folder is not empty.
        made.root.rename(new.run.root)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise fault(str(new.run.root), what, allowed="another --name") from error
    finally:
        shutil.rmtree(made.root.parent, ignore_errors=True)
    return taken


def _write(
    run: RunDirectory, old: Snapshot, record: StudyRecord, new: Extension, taken: Inheritance
) -> None:
    plan, data = old.plan, record.data
    space = kept_space(new.space, (plan.data, plan.data_options()), data.name, data.test_n)
    run.write_text(run.space, write_space(space))
    run.write_text(run.data, old.run.read_text(old.run.data))
    url = storage_url(run, None, None)
    with closing(open_storage(url, run.name, create=True, measure=plan.scored_by)) as storage:
        log = TrialLog(run, storage, new.space)
        log.restore()
        for one in taken.carried:
            log.ask(one.asked)
            if one.recorded is not None:
                log.record(one.recorded)
        log.show_all()
    lineage = {
        "study": record.name,
        "space_fingerprint": record.space_fingerprint,
        "trials": {one.asked.number: one.of for one in taken.carried if one.of is not None},
        "left": taken.left,
    }
    run.write_text(run.lineage, json.dumps(lineage, indent=1) + "\n")
    # The plan comes last: with it, and not before, there is a study.
    write_plan(run, _new_plan(old.plan, new, len(taken.carried)))


def _new_plan(plan: Plan, new: Extension, carried: int) -> Plan:
    return replace(
        plan,
        name=new.run.name,
        created=utc_text(),
        space=new.given,
        space_fingerprint=space_fingerprint(new.space),
        trials=new.trials or _total(plan, carried),
        planned=Planned(plan.planned.most_seeds),
        stop_when=NEVER,
        storage="",
        enqueued=(),
        candidates="searched",
        versions=versions(),
        machine=machine(),
    )


def _total(plan: Plan, carried: int) -> int:
    return plan.trials if plan.trials == NO_TOTAL else carried + plan.trials
