"""What a run was asked for, and the plan that comes of it and of what there is already."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from reports.budget import Planned
from reports.json_values import from_json
from reports.stopped import NEVER
from search_spaces.active import check_params
from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError, fault
from search_spaces.fingerprint import space_fingerprint
from search_spaces.json_text import read_json
from search_spaces.parameters import Scalar
from search_spaces.read import load_space
from search_spaces.space import Space
from search_spaces.text_file import read_text_file
from study.budget.asked import MOST_FITTING_SEEDS, check_budget
from study.coordinator.seeds import search_split_seed
from study.data.known import KNOWN
from study.data.split import VALIDATION_SHARE
from study.executors.choose import THIS_MACHINE, Place
from study.executors.gpus import Gpu, named
from study.executors.own_network import OwnNetwork
from study.exporters.destination import Destination
from study.machine import CLOCKS, cores, machine, utc_text, versions
from study.run_dir.names import legal_name
from study.run_dir.option import options_of
from study.run_dir.plan import Plan, check_same_plan
from study.run_dir.search_options import NO_TOTAL
from study.run_dir.urls import lasting_url, redact_url

# The defaults of what was not asked.
_DEFAULTS = {name: own.default for name, own in options_of(Plan).items()}


# What gives a search more to do.
_MORE = ("budget_seconds", "trials")


@dataclass(frozen=True)
class Request:
    """What `run` was asked: `given` are the plan's own options by name, the rest is beside them.

    What was not given stays as it is in the plan, and has its default in a new study. `storage` is
    the URL as it was given, with its secrets. `own_space` is a space that a program built: its name
    is then that of `space`. `candidates` are params in it that were found elsewhere, best first:
    they take the search's place. `network` is what a user's own function builds, None for ours.
    `log_to` are the trackers that are written to meanwhile; `gpus` are what trains, if any.
    `asked_at` is the moment from which a budget counts, by the clock that nobody sets.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    jobs: int | None = None
    deterministic: bool | None = None
    storage: str | None = None
    enqueue: Path | None = None
    place: Place = THIS_MACHINE
    own_space: Space | None = None
    candidates: tuple[dict[str, Scalar], ...] = ()
    log_to: tuple[Destination, ...] = ()
    asked_at: float = field(default_factory=CLOCKS.seconds)
    network: OwnNetwork | None = None
    gpus: Sequence[Gpu] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.given) - set(_DEFAULTS))
        if unknown:
            raise TypeError(f"no options of the plan: {', '.join(unknown)}")
        check_budget(self.given)


def first_plan(request: Request, name: str, space: Space, fingerprint: str) -> Plan:
    """Return the plan of a new study; what was not asked has its default; raises FaultError."""
    jobs = request.jobs or cores()
    given = _given(request)
    asked = _DEFAULTS | given
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
    return _checked(plan, request)


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


def default_name(request: Request) -> str:
    """Return the name of a study that was given none: its space and its data."""
    space, data = str(asked_space(request, None)), asked_data(request, None)
    return legal_name(f"{Path(space).stem}-{Path(data).stem}")


def asked_option(request: Request, old: Plan | None, name: str) -> Any:
    """Return an option of the plan: what was asked, else the study's own, else the default."""
    if name in request.given:
        return request.given[name]
    return getattr(old, name) if old else _DEFAULTS[name]


def asked_space(request: Request, old: Plan | None) -> str | None:
    """Return the space to load: what was asked, else the default; None for the study's own."""
    return request.given.get("space") or (None if old else str(_DEFAULTS["space"]))


def asked_data(request: Request, old: Plan | None) -> str:
    """Return the data to load: what was asked, else the study's own, else the default."""
    return str(asked_option(request, old, "data"))


def asked_data_options(request: Request, old: Plan | None) -> DataOptions:
    """Return how the data is read: what was asked, else as the study has it, else the default."""
    before = old.data_options() if old else AS_IT_IS
    names = {one.name for one in fields(DataOptions)}
    return replace(before, **{name: one for name, one in request.given.items() if name in names})


def with_data_of_space(request: Request) -> Request:
    """Return the request with what its space's [data] says, where nothing else was asked.

    Raises FaultError where the space cannot be read.
    """
    asked = request.given.get("space")
    space = request.own_space or (load_space(asked) if asked else None)
    if space is None or space.data is None or "data" in request.given:
        return request
    said = {"data": space.data.source, **space.data.options.given()}
    return replace(request, given={**said, **request.given})


def data_of(space: str, data: str | None, options: DataOptions) -> tuple[str, DataOptions]:
    """Return the data that a space is asked about, and how it is read, as a study would take it.

    `data` is None where none was asked for. Raises FaultError where the space cannot be read.
    """
    asked = options.given() | ({} if data is None else {"data": data})
    request = with_data_of_space(Request({"space": space, **asked}))
    given = {name: value for name, value in request.given.items() if name != "space"}
    source = given.pop("data", _DEFAULTS["data"])
    return source, DataOptions(**given)


def read_enqueued(path: Path, space: Space) -> tuple[dict[str, Scalar], ...]:
    """Read a JSON list of param dicts to try first; raises FaultError with every fault."""
    values = read_json(read_text_file(path, str(path)), str(path))
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
