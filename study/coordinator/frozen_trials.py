"""Our trials as Optuna's: what a dashboard, or anyone with Optuna, sees of them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from reports.trial_record import State, TrialRecord
from reports.trials import epoch_value, reached
from search_spaces.optuna_domains import distribution
from search_spaces.parameters import Params
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.machine import utc_now

# A dashboard has a column for each user attribute, as wide as the longest one.
LONGEST_TEXT = 160
_STATES: Mapping[State, TrialState] = MappingProxyType(
    {
        "complete": TrialState.COMPLETE,
        "pruned": TrialState.PRUNED,
        "failed": TrialState.FAIL,
    }
)


def ended_trial(record: TrialRecord, space: Space, trial_id: int = -1) -> FrozenTrial:
    """Return a trial that ended: epochs are its steps, and only short attributes come along."""
    attributes = _asked_attributes(record) | {"split": record.split, "n": record.n}
    if record.seconds is not None:
        attributes["seconds"] = round(record.seconds, 3)
    if record.reason is not None:
        attributes["reason"] = _shortened(record.reason)
    return FrozenTrial(
        number=record.number,
        trial_id=trial_id,
        state=_STATES[record.state],
        value=reached(record) if record.state == "complete" else None,
        values=None,
        datetime_start=_local_time(record.started),
        datetime_complete=_local_time(record.ended),
        params=dict(record.params),
        distributions=_distributions(record.params, space),
        user_attrs=attributes,
        system_attrs={},
        intermediate_values={
            row.epoch: value for row in record.curve if (value := epoch_value(row)) is not None
        },
    )


def unended_trial(asked: AskedTrial, space: Space) -> FrozenTrial:
    """Return a trial that has not ended: it runs, or runs again when the study goes on."""
    return FrozenTrial(
        number=asked.number,
        trial_id=-1,
        state=TrialState.RUNNING,
        value=None,
        values=None,
        datetime_start=_local_time(None),
        datetime_complete=None,
        params=dict(asked.params),
        distributions=_distributions(asked.params, space),
        user_attrs=_asked_attributes(asked),
        system_attrs={},
        intermediate_values={},
    )


def no_trial(number: int) -> FrozenTrial:
    """Return what takes a number that no trial of the study has, so that the next ones keep theirs.

    Numbers are left out where trials of others had them, in a storage that was lost since.
    """
    return FrozenTrial(
        number=number,
        trial_id=-1,
        state=TrialState.FAIL,
        value=None,
        values=None,
        datetime_start=_local_time(None),
        datetime_complete=_local_time(None),
        params={},
        distributions={},
        user_attrs={"reason": "no trial of the study has this number"},
        system_attrs={},
        intermediate_values={},
    )


def shows(trial: FrozenTrial, asked: AskedTrial) -> bool:
    """Tell whether a trial of a storage is the one that was asked."""
    attributes = trial.user_attrs
    same = (attributes.get("seed"), attributes.get("retry_of")) == (asked.seed, asked.retry_of)
    return same and attributes.get("origin") == asked.origin


def shows_an_end(trial: FrozenTrial) -> bool:
    """Tell whether we wrote how a trial ended; others can end a trial in Optuna, too."""
    return trial.state.is_finished() and {"origin", "seed", "split"} <= trial.user_attrs.keys()


def _asked_attributes(trial: AskedTrial | TrialRecord) -> dict[str, Any]:
    attributes: dict[str, Any] = {"origin": trial.origin, "seed": trial.seed}
    return attributes if trial.retry_of is None else attributes | {"retry_of": trial.retry_of}


def _distributions(params: Params, space: Space) -> dict[str, BaseDistribution]:
    return {one.name: distribution(one.domain) for one in space.parameters if one.name in params}


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def _local_time(text: str | None) -> datetime:
    # Optuna's trials hold local times without a zone; its database turns them into UTC.
    moment = utc_now() if text is None else datetime.fromisoformat(text)
    return moment.astimezone().replace(tzinfo=None)
