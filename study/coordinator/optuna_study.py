"""The live study: what the sampler sees, held in memory by an Optuna study of its own."""

from collections.abc import Mapping
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler
from optuna.storages import InMemoryStorage
from optuna.trial import Trial, TrialState, create_trial

from reports.trial_record import TrialRecord
from reports.trials import epoch_value, reached
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.optuna_domains import ask_params, distribution
from search_spaces.parameters import Params, Scalar
from search_spaces.space import Space
from study.coordinator.curves import point_of
from study.coordinator.int_as_float import is_modelled, modelled, rounded

_STATES = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}


class LiveStudy:
    """Hold running and released trials by their order; which those are is the caller's rule."""

    def __init__(self, space: Space, measure: MeasureName = "accuracy") -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space = space
        self._domains = {one.name: modelled(distribution(one.domain)) for one in space.parameters}
        self._storage = InMemoryStorage()
        direction = MEASURES[measure].direction
        self._optuna_study = optuna.create_study(direction=direction, storage=self._storage)
        self._id = self._storage.get_study_id_from_name(self._optuna_study.study_name)
        self._trials: dict[int, int] = {}

    def suggest(
        self, order: int, sampler: BaseSampler, given: Params
    ) -> tuple[dict[str, Scalar], dict[str, Any]]:
        """Start a trial with given params and, for the rest, the sampler's; return all of them.

        The second value returned is what the sampler noted on the way.
        """
        self._optuna_study.sampler = sampler
        if given:
            self._optuna_study.enqueue_trial(dict(given))
        trial = self._optuna_study.ask()
        found = self._storage.get_trial_id_from_study_id_trial_number(self._id, trial.number)
        self._trials[order] = found
        params = ask_params(self._space, lambda name, domain: self._ask(trial, found, name, domain))
        return params, dict(self._storage.get_trial(found).system_attrs)

    def _ask(self, trial: Trial, found: int, name: str, domain: BaseDistribution) -> Scalar:
        if not isinstance(domain, IntDistribution) or not is_modelled(domain):
            return _suggest(trial, name, domain)
        value = rounded(domain, float(_suggest(trial, name, modelled(domain))))
        # What was tried is what counts, not what it was rounded from.
        self._storage.set_trial_param(found, name, float(value), modelled(domain))
        return value

    def adopt(self, order: int, params: Params, notes: Mapping[str, Any]) -> None:
        """Start a trial with given params."""
        started = create_trial(
            state=TrialState.RUNNING,
            params={
                name: float(value) if isinstance(self._domains[name], FloatDistribution) else value
                for name, value in params.items()
            },
            distributions={name: self._domains[name] for name in params},
            system_attrs=dict(notes),
        )
        self._trials[order] = self._storage.create_new_trial(self._id, started)

    def drop(self, order: int) -> None:
        """End a suggested trial that will not run, so that the sampler forgets it."""
        self._tell(order, None, TrialState.FAIL)

    def release(self, order: int, record: TrialRecord) -> None:
        """Let the sampler see how a trial ended."""
        if record.state == "pruned" and record.curve:
            # Steps are shares of what was planned: a sampler ranks pruned trials by them.
            last = record.curve[-1]
            step = point_of(last.epoch, int(record.config["epochs"]))
            # An accuracy that a user's own `fit` does not report counts as none.
            value = epoch_value(last) or 0.0
            self._storage.set_trial_intermediate_value(self._trials[order], step, value)
        end = reached(record) if record.state == "complete" else None
        self._tell(order, end, _STATES[record.state])

    def _tell(self, order: int, value: float | None, state: TrialState) -> None:
        number = self._storage.get_trial(self._trials.pop(order)).number
        self._optuna_study.tell(number, value, state=state)


def _suggest(trial: Trial, name: str, domain: BaseDistribution) -> Scalar:
    match domain:
        case IntDistribution(low=low, high=high, step=step, log=log):
            return trial.suggest_int(name, low, high, step=step, log=log)
        case FloatDistribution(low=low, high=high, step=step, log=log):
            return trial.suggest_float(name, low, high, step=step, log=log)
        case CategoricalDistribution(choices=choices):
            return trial.suggest_categorical(name, choices)  # type: ignore[return-value]
    raise TypeError(f"no way to suggest from {domain}")
