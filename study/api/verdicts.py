"""A verdict on candidates that were found elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import optuna

from reports.numbers import plural
from search_spaces.faults import fault, shown
from search_spaces.parameters import Params
from search_spaces.space import Network
from study.api.argument_faults import faults_of_arguments
from study.api.arguments import (
    DATA_OPTIONS,
    DataLike,
    given_count,
    given_data,
    given_jobs,
    given_name,
    given_params,
)
from study.api.build_function import packed
from study.api.optuna_trials import (
    OptunaLike,
    Translation,
    about_trials,
    best_first,
    found_in,
    open_optuna_study,
)
from study.api.studies import Study
from study.progress.console import console_of_program
from study.progress.shown import shown_progress
from study.run_dir.names import legal_name
from study.run_dir.paths import RunDirectory
from study.workflows.given import Found, Given, described, given_candidates
from study.workflows.request import Request
from study.workflows.run import run_study

CandidatesLike = OptunaLike | Sequence[Mapping[str, object]]
# Of a search space.
_LONGEST_NAME = 64
_OPTIONS = (
    *("seed", "measure", "folds", "confirm_seeds", "margin", "ablate", "trial_timeout_seconds"),
    *DATA_OPTIONS,
)
_ALLOWED = "an optuna.Study, its (storage URL, name), or a list of params as dicts"


@faults_of_arguments()
def verdict_for(  # noqa: PLR0913 a user's one call
    candidates: CandidatesLike,
    data: DataLike = "digits",
    *,
    build: Callable[[dict[str, Any]], Any] | None = None,
    baseline: Params | None = None,
    as_params: Translation | None = None,
    top: int = 3,
    name: str | None = None,
    runs_dir: str | Path = "runs",
    jobs: int | None = None,
    quiet: bool = False,
    **options: Any,
) -> Study:
    """Find whether candidates that were found elsewhere beat a baseline, and return the study.

    `candidates` are an Optuna study, its storage URL and name, or a list of params, best first. The
    `top` best different ones are trained once each, beside the `baseline` (by default the classic
    one); race, final and verdict follow as in `run`. `as_params` has our names by those of the
    Optuna study, or is a function from a trial's params to ours.

    With `build` the networks are the user's own: a function from params to a compiled Keras model,
    or to the model and a dict of arguments of its `fit`. Params then have any names; the baseline
    must be given. It is called in worker processes, which have training and validation images as
    float32 from 0 to 1 in the shape that the model takes.

    `options` are seed, measure, folds (1 with `build`), confirm_seeds, margin, ablate and
    trial_timeout_seconds, and those of the data as in `run`. The same call goes on where it was
    interrupted. Raises DenseStudyError with what is wrong, TypeError for an unknown option,
    KeyboardInterrupt.
    """
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise TypeError(f"no options of verdict_for: {', '.join(unknown)}")
    jobs, most = given_jobs(jobs), given_count("top", top)
    folder = Path(runs_dir)
    said = given_data(data, folder, options)
    network = None if build is None else packed(build)
    base = {} if baseline is None else given_params("baseline", baseline)
    kind: Network = "dense" if network is None else "own"
    given = _given(candidates, as_params, _Asked(base, most, kind))
    asked = {
        **said,
        "space": given.space.name,
        "trials": 1 + len(given.params),
        "top": len(given.params),
        "pruner": "none",
    }
    default = legal_name(f"{given.space.name}-{Path(said['data']).stem}")
    own = default if name is None else given_name(name)
    there = RunDirectory(folder / own)
    request = Request(asked, jobs, own_space=given.space, candidates=given.params, network=network)
    with shown_progress(console_of_program(), quiet) as shown:
        run_study(there, request, shown)
    return Study(there)


@dataclass(frozen=True)
class _Asked:
    baseline: Params
    top: int
    network: Network

    def take(self, name: str, found: Sequence[Found]) -> Given:
        return given_candidates(name, self.baseline, found, self.top, self.network)


def _given(candidates: CandidatesLike, translation: Translation | None, asked: _Asked) -> Given:
    if isinstance(candidates, optuna.Study) or _is_place(candidates):
        optuna_study = open_optuna_study(candidates)
        trials = best_first(optuna_study)
        found = found_in(optuna_study, trials, translation)
        given = asked.take(_space_name(optuna_study.study_name), found)
        return described(given, about_trials(optuna_study, len(trials), given.numbers))
    found = tuple(
        Found(given_params(f"candidate {number}", one), f"candidate {number}", number)
        for number, one in enumerate(_listed(candidates), start=1)
    )
    given = asked.take("given", found)
    return described(given, f"{plural(len(given.params), 'config')} given, best first.")


def _is_place(candidates: CandidatesLike) -> TypeGuard[tuple[str, str]]:
    return (
        isinstance(candidates, tuple)
        and len(candidates) == 2
        and all(isinstance(one, str) for one in candidates)
    )


def _listed(candidates: object) -> list[Mapping[str, object]]:
    rows: list[Any] = list(candidates) if isinstance(candidates, Sequence) else [candidates]
    if not rows or not all(isinstance(one, Mapping) for one in rows):
        raise fault("candidates", "no candidates", shown(candidates), _ALLOWED)
    return rows


def _space_name(optuna_name: str) -> str:
    return legal_name(optuna_name)[:_LONGEST_NAME]
