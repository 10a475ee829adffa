"""Trials of one study as trials of another, where they fit its space."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.trial_record import Origin, TrialRecord
from search_spaces.active import check_params, full_params, searched_params
from search_spaces.parameters import complete_params
from search_spaces.space import Space
from study.config import config_from_params
from study.coordinator.asked import AskedTrial
from study.coordinator.seeds import trial_seed


@dataclass(frozen=True)
class Heir:
    """A trial as the new study has it; `of` is its number in the old one, None for a new trial.

    `told` is None where it is still to be trained: only the baseline.
    """

    of: int | None
    asked: AskedTrial
    told: TrialRecord | None


@dataclass(frozen=True)
class Inheritance:
    """What a new study takes over, its baseline first; `left` are old numbers that do not fit."""

    heirs: tuple[Heir, ...]
    left: tuple[int, ...]


def inherit(trials: Sequence[TrialRecord], space: Space, seed: int) -> Inheritance:
    """Return the trials whose config is a point of the space, with params as the space has them.

    Trials that ended count, lost attempts and running ones do not. Where no old trial has the
    baseline's config, the baseline is asked anew, since it is always trial 0.
    """
    ended = [trial for trial in trials if trial.state != "running" and not trial.lost]
    fitting = [trial for trial in ended if _fits(trial, space)]
    left = tuple(trial.number for trial in ended if trial not in fitting)
    baseline = config_from_params(complete_params("baseline", space.baseline.params))
    own = [
        trial
        for trial in fitting
        if trial.state == "complete" and config_from_params(trial.config) == baseline
    ]
    if own:
        rest = [trial for trial in fitting if trial is not own[0]]
        heirs = [_heir(trial, order, space) for order, trial in enumerate([own[0], *rest])]
    else:
        heirs = [_heir(trial, order, space) for order, trial in enumerate(fitting, 1)]
        heirs.insert(0, _baseline(space, seed))
    return Inheritance(tuple(heirs), left)


def _fits(trial: TrialRecord, space: Space) -> bool:
    searched = searched_params(space, trial.config)
    there = config_from_params(full_params(space, searched))
    return there == config_from_params(trial.config) and not check_params(space, searched, "trial")


def _heir(trial: TrialRecord, order: int, space: Space) -> Heir:
    params = searched_params(space, trial.config)
    origin: Origin = "baseline" if order == 0 else "search"
    asked = AskedTrial(order, order, origin, params, config_from_params(trial.config), trial.seed)
    told = replace(trial, number=order, origin=origin, params=params, retry_of=None)
    return Heir(trial.number, asked, told)


def _baseline(space: Space, seed: int) -> Heir:
    params = complete_params("baseline", space.baseline.params)
    searched = searched_params(space, params)
    config = config_from_params(params)
    asked = AskedTrial(0, 0, "baseline", searched, config, trial_seed(seed, 0))
    return Heir(None, asked, None)
