"""What a run was asked for, and what that means for a study that there may be already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from search_spaces.active import check_params
from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError, fault
from search_spaces.json_text import read_json
from search_spaces.parameters import Scalar
from search_spaces.read import load_space
from search_spaces.space import Space
from search_spaces.text_file import read_text_file
from study.budget.asked import check_budget
from study.executors.choose import THIS_MACHINE, Place
from study.executors.gpus import Gpu
from study.executors.own_network import OwnNetwork
from study.exporters.destination import Destination
from study.machine import CLOCKS
from study.run_dir.names import legal_name
from study.run_dir.option import options_of
from study.run_dir.plan import Plan

# The defaults of what was not asked.
DEFAULTS = {name: own.default for name, own in options_of(Plan).items()}


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
        unknown = sorted(set(self.given) - set(DEFAULTS))
        if unknown:
            raise TypeError(f"no options of the plan: {', '.join(unknown)}")
        check_budget(self.given)


def default_name(request: Request) -> str:
    """Return the name of a study that was given none: its space and its data."""
    space, data = str(asked_space(request, None)), asked_data(request, None)
    return legal_name(f"{Path(space).stem}-{Path(data).stem}")


def asked_option(request: Request, old: Plan | None, name: str) -> Any:
    """Return an option of the plan: what was asked, else the study's own, else the default."""
    if name in request.given:
        return request.given[name]
    return getattr(old, name) if old else DEFAULTS[name]


def asked_space(request: Request, old: Plan | None) -> str | None:
    """Return the space to load: what was asked, else the default; None for the study's own."""
    return request.given.get("space") or (None if old else str(DEFAULTS["space"]))


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
    source = given.pop("data", DEFAULTS["data"])
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
