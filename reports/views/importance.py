"""Which parameters mattered in the search, by Optuna's measure, with its own uncertainty."""

import warnings
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from reports.record import StudyRecord
from reports.trials import score_of, scored
from reports.views.thinning import thin
from search_spaces.domains import domain_contains
from search_spaces.optuna_domains import distribution
from search_spaces.parameters import Scalar

FEWEST = 4
ENOUGH = 30
MOST_DRAWS, FEWEST_DRAWS = 40, 12
BUDGET = 200_000
SAMPLE = 500
WIDE = 0.35
# Sums of products differ in their last bits from one linear algebra library to the next; a page of
# the same record does not.
DIGITS = 9


_WHEN = datetime(2000, 1, 1)  # noqa: DTZ001 Optuna wants one, the importance uses none


@dataclass(frozen=True)
class _Observation:
    params: dict[str, Scalar]
    distributions: dict[str, BaseDistribution]
    value: float


@dataclass(frozen=True)
class Importance:
    """One parameter's share of the importance (0-1), with a 90 % bootstrap interval."""

    parameter: str
    share: float
    low: float
    high: float
    unstable: bool


@dataclass(frozen=True)
class Importances:
    """Parameters by falling share, from so many complete trials; `few` where they are too few."""

    rows: tuple[Importance, ...]
    trials: int
    few: bool


def importance_view(record: StudyRecord) -> Importances:
    """Compute importances and bootstrap them over the trials, under a fixed seed.

    PED-ANOVA (Watanabe et al. 2023): how unlike the best tenth of trials is to all of them, one
    parameter at a time. A study of more than 500 trials is represented by an even sample.
    """
    observed = _observations(record)
    if len(observed) < FEWEST:
        return Importances((), len(observed), few=True)
    study = _empty_study()
    shares = _shares(study, observed)
    rng = np.random.default_rng(record.seed)
    draws = min(MOST_DRAWS, max(FEWEST_DRAWS, BUDGET // (len(observed) * max(1, len(shares)))))
    repeats = [
        _shares(study, [observed[i] for i in rng.integers(len(observed), size=len(observed))])
        for _ in range(draws)
    ]
    rows = [_row(name, share, repeats, len(observed)) for name, share in shares.items()]
    rows.sort(key=lambda row: (-row.share, row.parameter))
    return Importances(tuple(rows), len(observed), few=len(observed) < ENOUGH)


def _row(name: str, share: float, repeats: list[dict[str, float]], trials: int) -> Importance:
    drawn = np.array([repeat.get(name, 0.0) for repeat in repeats])
    low, high = (float(v) for v in np.quantile(drawn, (0.05, 0.95)))
    unstable = trials < ENOUGH or high - low > WIDE
    limits = (share, min(low, share), max(high, share))
    share, low, high = (round(value, DIGITS) for value in limits)
    return Importance(name, share, low, high, unstable)


def _observations(record: StudyRecord) -> list[_Observation]:
    domains = {p.name: p.domain for p in record.space.parameters}
    ways = {name: distribution(domain) for name, domain in domains.items()}
    observed = []
    for trial in thin(scored(record), SAMPLE):
        params = {
            name: value
            for name, value in trial.params.items()
            if name in domains and domain_contains(domains[name], value)
        }
        observed.append(
            _Observation(
                params, {name: ways[name] for name in params}, score_of(record.measure, trial)
            )
        )
    return observed


def _frozen(number: int, one: _Observation) -> FrozenTrial:
    # A trial drawn twice is two trials: each needs its own id.
    return FrozenTrial(
        number=number,
        trial_id=number,
        state=TrialState.COMPLETE,
        value=one.value,
        datetime_start=_WHEN,
        datetime_complete=_WHEN,
        params=one.params,
        distributions=one.distributions,
        user_attrs={},
        system_attrs={},
        intermediate_values={},
    )


class _Drawn(optuna.study.Study):
    """A study of given trials; a real one would copy every trial at every bootstrap draw."""

    drawn: tuple[FrozenTrial, ...] = ()

    def get_trials(
        self,
        deepcopy: bool = True,  # noqa: ARG002 the trials are never changed
        states: Container[TrialState] | None = None,
    ) -> list[FrozenTrial]:
        """Return the trials in any of the states."""
        return [t for t in self.drawn if states is None or t.state in states]


def _empty_study() -> _Drawn:
    storage = optuna.storages.InMemoryStorage()
    verbosity = optuna.logging.get_verbosity()
    # Optuna announces every new study on the terminal.
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        storage.create_new_study([StudyDirection.MAXIMIZE], "drawn")
        return _Drawn("drawn", storage)
    finally:
        optuna.logging.set_verbosity(verbosity)


def _shares(study: _Drawn, observed: list[_Observation]) -> dict[str, float]:
    study.drawn = tuple(_frozen(number, one) for number, one in enumerate(observed))
    with warnings.catch_warnings():
        # Few trials give equal shares; the card says how few they are.
        warnings.simplefilter("ignore")
        return dict(optuna.importance.get_param_importances(study))
