"""Complete trials of somebody's own Optuna study, best first."""

import math
from collections.abc import Callable, Mapping, Sequence

import optuna
from optuna.trial import FrozenTrial, TrialState

from reports.numbers import plural
from search_spaces.faults import cut, fault, perhaps_meant, shown
from search_spaces.parameters import Params
from study.api.arguments import given_params
from study.database.errors import one_message
from study.database.url import checked_url
from study.run_dir.urls import redact_url, sqlite_path
from study.workflows.given import Found

# The other names of params, or what makes params of a trial's own.
Translation = Mapping[str, str] | Callable[[dict[str, object]], Params]
OptunaLike = optuna.Study | tuple[str, str]


def open_optuna_study(asked: OptunaLike) -> optuna.Study:
    """Return an Optuna study as it is, or load it by storage URL and name; raises FaultError."""
    if isinstance(asked, optuna.Study):
        return asked
    url, name = asked
    path = sqlite_path(url)
    if path is not None and not path.is_file():  # Optuna would make an empty one
        raise fault(redact_url(url), "no such database")
    with one_message(redact_url(url)):
        storage = optuna.storages.get_storage(checked_url(url))
        found = [one.study_name for one in storage.get_all_studies()]
        if name not in found:
            what = f"holds no such study{perhaps_meant(name, found)}"
            raise fault(redact_url(url), what, name, ", ".join(found) or "none yet")
        return optuna.load_study(study_name=name, storage=storage)


def best_first(optuna_study: optuna.Study) -> tuple[FrozenTrial, ...]:
    """Return the complete trials by value, best first by the study's direction.

    Of equals the earliest comes first.

    Raises FaultError where the study has several objectives, or no complete trial.
    """
    where = f"Optuna study {optuna_study.study_name!r}"
    if len(optuna_study.directions) != 1:
        what = "which trials are best is not defined: it has several objectives"
        allowed = "one objective, or a list of the params you mean"
        raise fault(where, what, str(len(optuna_study.directions)), allowed)
    trials = optuna_study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    valued = [one for one in trials if one.value is not None and math.isfinite(one.value)]
    if not valued:
        raise fault(where, "has no complete trial", allowed="at least one")
    is_maximized = optuna_study.direction == optuna.study.StudyDirection.MAXIMIZE
    sign = -1.0 if is_maximized else 1.0
    return tuple(sorted(valued, key=lambda one: (sign * (one.value or 0.0), one.number)))


def found_in(
    optuna_study: optuna.Study, trials: Sequence[FrozenTrial], translation: Translation | None
) -> tuple[Found, ...]:
    """Return the trials' params in our names; what the user's function raises is the user's."""
    where = f"Optuna study {optuna_study.study_name!r}"
    return tuple(
        Found(
            _translated(dict(one.params), translation, f"trial {one.number} of {where}"),
            f"trial {one.number} of {where}",
            one.number,
        )
        for one in trials
    )


def _translated(params: dict[str, object], translation: object, where: str) -> Params:
    if translation is None:
        return given_params(where, params)
    if callable(translation):
        return given_params(f"as_params of {where}", translation(params))
    if not isinstance(translation, Mapping):
        allowed = "a dict from your names to ours, or a function from a trial's params to ours"
        raise fault("as_params", "no translation", shown(translation), allowed)
    renamed = {translation.get(name, name): value for name, value in params.items()}
    return given_params(f"as_params of {where}", renamed)


def about_trials(optuna_study: optuna.Study, complete: int, taken: Sequence[int]) -> str:
    """Say which trials were taken, and that their values count for nothing here."""
    numbers = ", ".join(map(str, taken))
    name = cut(optuna_study.study_name, 100)
    return (
        f"From Optuna study {name!r}, of {plural(complete, 'complete trial')} "
        f"the best that differ, in this order: {numbers}. Their values there count for nothing "
        "here."
    )
