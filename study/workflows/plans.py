"""The plan of a study: what comes of a request, and of the plan that there is already."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reports.budget import Planned
from reports.json_values import from_json
from reports.stopped import NEVER
from search_spaces.faults import fault
from search_spaces.fingerprint import space_fingerprint
from search_spaces.space import Space
from study.budget.asked import MOST_FITTING_SEEDS, check_budget
from study.data.known import KNOWN
from study.data.split import VALIDATION_SHARE
from study.engine.seeds import search_split_seed
from study.executors.gpus import named
from study.machine import cores, machine, utc_text, versions
from study.run_dir.plan import Plan, check_same_plan
from study.run_dir.search_options import NO_TOTAL
from study.run_dir.urls import lasting_url, redact_url
from study.workflows.request import DEFAULTS, Request

# What gives a search more to do.
_MORE = ("budget_seconds", "trials")


def first_plan(request: Request, name: str, space: Space, fingerprint: str, folds: int = 1) -> Plan:
    """Return the plan of a new study; what was not asked has its default; raises FaultError.

    `folds` are those of its trials where no number was asked.
    """
    jobs = request.jobs or cores()
    given = _given(request)
    asked = DEFAULTS | {"folds": folds} | given
    if asked["budget_seconds"] and "trials" not in given:
        asked["trials"] = NO_TOTAL
    plan = Plan(
        **asked,
        name=name,
        created=utc_text(),
        data_fingerprint=fingerprint,
        space_fingerprint=space_fingerprint(space),
        split_seed=search_split_seed(asked["seed"]),
        share=VALIDATION_SHARE,
        enqueued=request.candidates,
        candidates="given" if request.candidates else "searched",
        build=request.network.fingerprint if request.network else "",
        window=_window(jobs) if request.deterministic else 0,
        jobs=jobs,
        versions=versions(),
        machine=_machine(request),
        planned=Planned(_most_seeds(given)),
    )
    checked = _checked(plan, request)
    return replace(checked, share=1 / checked.folds) if checked.folds > 1 else checked


def next_plan(request: Request, old: Plan, space: Space, fingerprint: str) -> Plan:
    """Return the plan with which a study goes on; raises FaultError naming each difference."""
    asked = _given(request) | ({} if request.jobs is None else {"jobs": request.jobs})
    # A space is known by its fingerprint; the plan keeps the name it was begun with.
    asked.pop("space", None)
    if request.candidates not in ((), old.enqueued):
        allowed = "the same candidates, or a new name"
        raise fault(f"study {old.name}", "was started with other candidates", allowed=allowed)
    if "trials" in asked:
        # A total that is asked for is one to reach, unless the rule is asked for with it.
        asked.setdefault("stop_when", NEVER)
    planned = old.planned
    if any(asked.get(one, getattr(old, one)) != getattr(old, one) for one in _MORE):
        # More time or trials: what was decided for the confirmation is decided anew.
        planned = Planned(planned.most_seeds or _most_seeds(asked), planned.spent)
    if "confirm_seeds" in asked:
        planned = replace(planned, most_seeds=_most_seeds(asked))
    if asked.get("budget_seconds"):
        asked.setdefault("timeout_seconds", 0.0)
    if asked.get("timeout_seconds"):
        asked.setdefault("budget_seconds", 0.0)
    new = replace(
        old,
        **asked,
        planned=planned,
        candidates="given" if request.candidates else old.candidates,
        build=request.network.fingerprint if request.network else "",
        split_seed=search_split_seed(asked.get("seed", old.seed)),
        data_fingerprint=fingerprint,
        space_fingerprint=space_fingerprint(space),
        window=_next_window(request, old),
        versions=versions(),
        machine=_machine(request),
    )
    check_same_plan(old, new)
    return _checked(new, request)


def _checked(plan: Plan, request: Request) -> Plan:
    if plan.window and request.gpus:
        what = "a GPU does not repeat to the bit"
        raise fault("--deterministic", what, named(request.gpus), "--device cpu")
    # What a program gives passes no command line, and a plan is kept for good.
    check_budget(asdict(plan))
    return from_json(Plan, asdict(plan), f"study {plan.name}")


def _machine(request: Request) -> str:
    return ", ".join(filter(None, (machine(), named(request.gpus))))


def _most_seeds(given: Mapping[str, Any]) -> int:
    # As many as fit, unless a number was asked for.
    return given.get("confirm_seeds") or MOST_FITTING_SEEDS


def _given(request: Request) -> dict[str, Any]:
    """Return what was given of the plan's own options, by name; a URL without its secrets.

    A plan goes on from any folder: a file has its absolute path there.
    """
    given = dict(request.given)
    if request.storage is not None:
        given["storage"] = redact_url(lasting_url(request.storage))
    if given.get("data", "digits") not in KNOWN:
        given["data"] = _absolute(given["data"], "--data")
    if given.get("test_data"):
        given["test_data"] = _absolute(given["test_data"], "--test-data")
    return given


def _absolute(path: str, option: str) -> str:
    absolute = str(Path(path).absolute())
    try:
        absolute.encode()
    except UnicodeEncodeError as error:
        what = "the path is no UTF-8 text, and the study's plan is"
        raise fault(option, what, absolute, "a file, or a link to it, of another name") from error
    return absolute


def _window(jobs: int) -> int:
    # Twice as far as the jobs reach: one slow trial then holds up the others less.
    return 2 * jobs


def _next_window(request: Request, old: Plan) -> int:
    # The window that a study began with holds, whatever the jobs now are.
    if request.deterministic is None or request.deterministic == (old.window > 0):
        return old.window
    return _window(request.jobs or old.jobs) if request.deterministic else 0
