"""What a run was asked for, and the plan that comes of it and of what there is already."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search_spaces.active import check_params
from search_spaces.faults import FaultError, fault
from search_spaces.fingerprint import space_fingerprint
from search_spaces.parameters import Scalar
from search_spaces.space import Space
from study.coordinator.seeds import search_split_seed
from study.data.split import VALIDATION_SHARE
from study.executors.choose import THIS_MACHINE, Place
from study.machine import cores, machine, versions
from study.plan import Plan, check_same_plan
from study.redact import redact_url


@dataclass(frozen=True)
class Request:
    """The options of `run`; None where none was given: then the plan's own value holds."""

    space: str | None = None
    data: str | None = None
    trials: int | None = None
    timeout_seconds: float | None = None
    trial_timeout_seconds: float | None = None
    jobs: int | None = None
    seed: int | None = None
    sampler: str | None = None
    pruner: str | None = None
    deterministic: bool | None = None
    storage: str | None = None
    enqueue: Path | None = None
    confirm: bool | None = None
    confirm_seeds: int | None = None
    top: int | None = None
    margin: float | None = None
    ablate: bool | None = None
    place: Place = THIS_MACHINE


_DEFAULTS = Request(
    space="four",
    data="digits",
    trials=30,
    timeout_seconds=0.0,
    trial_timeout_seconds=0.0,
    seed=0,
    sampler="tpe",
    pruner="median",
    deterministic=False,
    storage="",
    confirm=True,
    confirm_seeds=5,
    top=3,
    margin=0.0,
    ablate=False,
)
_CONFIRM = ("confirm", "confirm_seeds", "top", "margin", "ablate")


def first_plan(request: Request, name: str, space: Space, fingerprint: str) -> Plan:
    """Return the plan of a new study; what was not asked has its default."""
    jobs = request.jobs or cores()
    seed = _given(request, "seed")
    return Plan(
        name=name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        data=_given(request, "data"),
        data_fingerprint=fingerprint,
        space=_given(request, "space"),
        space_fingerprint=space_fingerprint(space),
        seed=seed,
        split_seed=search_split_seed(seed),
        share=VALIDATION_SHARE,
        sampler=_given(request, "sampler"),
        pruner=_given(request, "pruner"),
        window=_window(jobs) if request.deterministic else 0,
        trials=_given(request, "trials"),
        timeout_seconds=_given(request, "timeout_seconds"),
        trial_timeout_seconds=_given(request, "trial_timeout_seconds"),
        jobs=jobs,
        storage=redact_url(_given(request, "storage")),
        versions=versions(),
        machine=machine(),
        **{name: _given(request, name) for name in _CONFIRM},
    )


def next_plan(request: Request, old: Plan, space: Space, fingerprint: str) -> Plan:
    """Return the plan with which a study goes on; raises FaultError naming each difference."""
    seed = old.seed if request.seed is None else request.seed
    asked = {
        "data": request.data,
        "sampler": request.sampler,
        "pruner": request.pruner,
        "trials": request.trials,
        "timeout_seconds": request.timeout_seconds,
        "trial_timeout_seconds": request.trial_timeout_seconds,
        "jobs": request.jobs,
        "storage": None if request.storage is None else redact_url(request.storage),
        **{name: getattr(request, name) for name in _CONFIRM},
    }
    given: dict[str, Any] = {key: value for key, value in asked.items() if value is not None}
    new = replace(
        old,
        **given,
        seed=seed,
        split_seed=search_split_seed(seed),
        data_fingerprint=fingerprint,
        space_fingerprint=space_fingerprint(space),
        window=_next_window(request, old),
        versions=versions(),
        machine=machine(),
    )
    check_same_plan(old, new)
    return new


def _given(request: Request, name: str) -> Any:
    value = getattr(request, name)
    return getattr(_DEFAULTS, name) if value is None else value


def _window(jobs: int) -> int:
    # Twice as far as the jobs reach: one slow trial then holds up the others less.
    return 2 * jobs


def _next_window(request: Request, old: Plan) -> int:
    # The window that a study began with holds, whatever the jobs now are.
    if request.deterministic is None or request.deterministic == (old.window > 0):
        return old.window
    return _window(request.jobs or old.jobs) if request.deterministic else 0


def asked_space(request: Request, old: Plan | None) -> str | None:
    """Return the space to load: what was asked, else the default; None for the study's own."""
    return request.space or (None if old else _DEFAULTS.space)


def asked_data(request: Request, old: Plan | None) -> str:
    """Return the data to load: what was asked, else the study's own, else the default."""
    return request.data or (old.data if old else str(_DEFAULTS.data))


def read_enqueued(path: Path, space: Space) -> tuple[dict[str, Scalar], ...]:
    """Read a JSON list of param dicts to try first; raises FaultError with every fault."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise fault(str(path), f"cannot be read as JSON: {error}") from error
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise fault(str(path), "not a list of param objects", allowed='[{"width": 256}, ...]')
    faults = [
        found
        for number, params in enumerate(values, 1)
        for found in check_params(space, params, f"{path}, entry {number},")
    ]
    if faults:
        raise FaultError(*faults)
    searched = {parameter.name for parameter in space.parameters}
    return tuple({k: v for k, v in params.items() if k in searched} for params in values)
